import { near } from '../value/near.ts';
import { PythonError } from '../value/python-error.ts';
import { Foreign, type Term } from '../value/term.ts';
import { truthy } from '../value/truth.ts';
import { Arguments } from './arguments.ts';
import { type Named, NO_NAMED } from './callable.ts';
import type { CompiledTemplate } from './compile-template.ts';
import { Failure, type Missing, type Origin } from './failure.ts';
import { Frame } from './frame.ts';
import type { Filter, Language, Test } from './language.ts';
import type { Scope } from './scope.ts';
import type { Templar } from './templar.ts';
import type { Syntax } from './tokens.ts';
import { Undefined } from './undefined.ts';

/** A level of an inherited block: the template that says it, and its statements. */
export interface BlockLevel {
  readonly origin: Origin;
  readonly run: (frame: Frame, out: Term[]) => void;
}

const DEEPEST = 200;

/** One evaluation of one template: where it stands, and what it can reach. */
export class Runtime {
  readonly templar: Templar;
  readonly language: Language;
  readonly scope: Scope;
  readonly syntax: Syntax;
  readonly blocks = new Map<string, BlockLevel[]>();
  /** Offset of what is evaluated now. */
  position = 0;
  origin: Origin;
  /** The template changes lists or dictionaries in place: it works on copies of variables. */
  copies = false;
  /** Lookups are refused: the template's text came from data. */
  readonly trusted: boolean;
  readonly #owned = new Map<string, Term>();
  #depth = 0;

  constructor(templar: Templar, scope: Scope, origin: Origin, syntax: Syntax, trusted = true) {
    this.templar = templar;
    this.language = templar.language;
    this.scope = scope;
    this.origin = origin;
    this.syntax = syntax;
    this.trusted = trusted;
  }

  /** Runs a compiled template with its own blocks. */
  start(template: CompiledTemplate, out: Term[]): void {
    this.addBlocks(template);
    template.run(new Frame(this), out);
  }

  /** A variable or a global function; an Undefined when there is neither. */
  variable(name: string, position: number): Term {
    const term = this.copies ? this.#own(name) : this.scope.term(name);
    if (term !== undefined) return term instanceof Undefined ? term.readAt(this.origin, position) : term;
    const global = this.language.global(name, this);
    if (global !== undefined) return global;
    return new Undefined(`'${name}' is undefined`, { position, origin: this.origin, missing: { name } });
  }

  #own(name: string): Term | undefined {
    const known = this.#owned.get(name);
    if (known !== undefined) return known;
    const term = this.scope.copy(name);
    if (term !== undefined) this.#owned.set(name, term);
    return term;
  }

  /** Something that is not there, at the place that is evaluated now. */
  undefined(hint: string, missing?: Missing): Undefined {
    const { position, origin } = this;
    return new Undefined(hint, { position, origin, ...(missing && { missing }) });
  }

  filter(name: string): Filter {
    return this.language.filter(name) ?? this.#unknown('filter', name, this.language.filterNames);
  }

  test(name: string): Test {
    return this.language.test(name) ?? this.#unknown('test', name, this.language.testNames);
  }

  #unknown(kind: string, name: string, names: readonly string[]): never {
    const [nearest] = near(name, names);
    const failure = new Failure('template-error', `No ${kind} named '${name}'.`);
    failure.hint = nearest ? `did you mean '${nearest}'?` : `playbake has no ${kind} of this name`;
    throw failure;
  }

  applyFilter(name: string, filter: Filter, value: Term, positional: readonly Term[], named: Named = NO_NAMED): Term {
    if (!filter.acceptsUndefined && value instanceof Foreign) value.demand();
    return filter.run(value, new Arguments(name, filter.parameters, positional, named), this);
  }

  applyTest(name: string, test: Test, value: Term, positional: readonly Term[], named: Named = NO_NAMED): boolean {
    if (!test.acceptsUndefined && value instanceof Foreign) value.demand();
    return test.run(value, new Arguments(name, test.parameters, positional, named), this);
  }

  /** The test that a `select` names, as a predicate; without a name it is truth. */
  predicate(positional: readonly Term[], named: Named): (value: Term) => boolean {
    const [name, ...rest] = positional;
    if (name === undefined) return truthy;
    if (typeof name !== 'string') throw new PythonError('the name of a test must be text');
    const test = this.test(name);
    return (value) => this.applyTest(name, test, value, rest, named);
  }

  /** Puts a template's blocks behind those of templates that extend it. */
  addBlocks({ blocks }: CompiledTemplate): void {
    for (const [name, run] of blocks) {
      const levels = this.blocks.get(name) ?? [];
      levels.push({ origin: this.origin, run });
      this.blocks.set(name, levels);
    }
  }

  /** Runs one level deeper: macros and recursive loops must end. */
  deeper<T>(run: () => T): T {
    if (this.#depth >= DEEPEST) throw new PythonError('maximum recursion depth exceeded');
    this.#depth++;
    try {
      return run();
    } finally {
      this.#depth--;
    }
  }

  /** Runs what another template said: failures inside are placed there. */
  within<T>(origin: Origin, run: () => T): T {
    const outer = this.origin;
    this.origin = origin;
    try {
      return run();
    } catch (error) {
      throw this.located(error);
    } finally {
      this.origin = outer;
    }
  }

  /** An error with the place that it happened at. What is not the template's fault is left untouched. */
  located(error: unknown): unknown {
    if (error instanceof Failure) {
      // What stands in no file is placed where it was read.
      if (error.origin && !error.origin.where && this.origin.where) return error.at(this.origin, this.position);
      error.origin ??= this.origin;
      error.position ??= this.position;
      return error;
    }
    if (!(error instanceof PythonError) && !(error instanceof RangeError)) return error;
    const failure = new Failure('template-error', messageOf(error), this.position);
    failure.origin = this.origin;
    return failure;
  }
}

/** JavaScript says RangeError when its stack is full, and when a text, list or precision would be too long. */
function messageOf(error: PythonError | RangeError): string {
  if (error instanceof PythonError) return error.message;
  const isStack = error.message === 'Maximum call stack size exceeded';
  return isStack ? 'this is nested too deeply' : `this is too large: ${error.message}`;
}
