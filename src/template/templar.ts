import { dirname } from 'node:path';
import { Fault, type Where } from '../fault.ts';
import { whereOf } from '../value/source.ts';
import { isTermDict, isTermList, type Term } from '../value/term.ts';
import { typeName } from '../value/text.ts';
import { truthy } from '../value/truth.ts';
import type { Value } from '../value/value.ts';
import { BUILTINS } from './builtins.ts';
import { type CompiledExpression, compileBare, compileTemplate } from './compile-template.ts';
import type { Origin } from './failure.ts';
import { finish } from './finish.ts';
import { Frame } from './frame.ts';
import { isTemplate } from './is-template.ts';
import type { Language } from './language.ts';
import { joinNative, joinText } from './output.ts';
import type { OutsideRead } from './outside-read.ts';
import { toFault } from './place.ts';
import { Runtime } from './runtime.ts';
import { Scope } from './scope.ts';
import { SearchPath } from './search-path.ts';
import type { Call } from './survey.ts';
import { readHeader, type TemplateFileOptions, withOptions } from './template-file.ts';
import { SYNTAX, type Syntax } from './tokens.ts';

export { isTemplate } from './is-template.ts';
export { type Layer, layer } from './layer.ts';
export type { OutsideRead } from './outside-read.ts';
export { Scope } from './scope.ts';
export type { TemplateFileOptions } from './template-file.ts';

export interface TemplarOptions {
  /**
   * Directories for the lookups file, template, fileglob and first_found, and for includes and imports:
   * each one itself, and its `templates`, `files` and `vars`. Default: none.
   */
  readonly searchPath?: readonly string[];
  /** The clock of `now()` and `strftime`. Default: this machine's. */
  readonly now?: () => Date;
  readonly onWarning?: (fault: Fault) => void;
  /** Told what templates read besides variables. */
  readonly onRead?: ((read: OutsideRead) => void) | undefined;
  /** Told the name of a lookup before it is performed; what it throws reaches whoever asked, untouched. */
  readonly onLookup?: ((name: string) => void) | undefined;
}

/** Renders templates and evaluates expressions. All doors throw a Fault with its place. */
export class Templar {
  readonly language: Language = BUILTINS;
  readonly noVariables: Scope;
  readonly searchPath: SearchPath;
  readonly now: () => Date;
  readonly onRead: ((read: OutsideRead) => void) | undefined;
  readonly onLookup: ((name: string) => void) | undefined;
  readonly #warn: (fault: Fault) => void;

  constructor({
    searchPath = [],
    now = () => new Date(),
    onWarning = () => {},
    onRead,
    onLookup,
  }: TemplarOptions = {}) {
    this.onRead = onRead;
    this.onLookup = onLookup;
    this.searchPath = this.#path(searchPath);
    this.now = now;
    this.#warn = onWarning;
    this.noVariables = new Scope(this, []);
  }

  /**
   * Renders every string in a value, deep. A lone `{{ expression }}` keeps its native type; Unsafe text passes
   * untouched. `where` is the place of the value; members of containers that were read from a file have their own.
   */
  render(value: Value, scope: Scope, where?: Where): Value {
    if (typeof value === 'string') {
      if (!isTemplate(value)) return value;
      const origin: Origin = { template: value, where };
      return this.#public(scope, () => this.#run(value, scope, origin, SYNTAX, (out) => finish(native(value, out))));
    }
    if (isTermList(value)) return this.#renderList(value, scope, where);
    if (isTermDict(value)) return this.#renderDict(value, scope, where);
    return value;
  }

  /**
   * A conditional: an expression without braces, a boolean, or a list of which all must hold. With braces it works and
   * a warning is given, as for a result that is no boolean.
   */
  condition(test: Value, scope: Scope, where?: Where): boolean {
    if (typeof test === 'boolean') return test;
    if (isTermList(test)) return test.every((one, index) => this.condition(one, scope, whereOf(test, index) ?? where));
    if (typeof test !== 'string') return this.#truth(test, String(test), where);
    if (test.trim() === '') return this.#truth(true, test, where);
    if (!isTemplate(test)) return this.#truth(this.evaluate(test, scope, where), test, where);
    this.#warn(
      new Fault('condition-braces', `the conditional ${JSON.stringify(test)} holds template delimiters`, {
        where,
        hint: 'write the expression without {{ }} and {% %}',
      }),
    );
    const rendered = this.render(test, scope, where);
    if (typeof rendered !== 'string' || rendered.trim() === '') return this.#truth(rendered, test, where);
    // Text from data must not reach the lookups, which run commands and read files.
    const origin: Origin = { template: test, where };
    return this.#truth(
      this.#public(scope, () => this.#evaluate(rendered, scope, origin, false)),
      test,
      where,
    );
  }

  /** One bare expression, without braces, to a value. */
  evaluate(expression: string, scope: Scope, where?: Where): Value {
    return this.#public(scope, () => this.#evaluate(expression, scope, { template: expression, where }, true));
  }

  /**
   * The text of a template file: `trim_blocks` on, the last newline kept, settings in a first line `#jinja2: …` obeyed.
   * `file` is its path, for faults. `options` override the settings.
   */
  file(text: string, file: string, scope: Scope, options: TemplateFileOptions = {}): string {
    const { body, syntax } = readHeader(text, withOptions(options));
    const origin: Origin = { template: body, where: { file, text }, offset: text.length - body.length };
    const join = (pieces: readonly Term[]): string => restoreNewlines(body, joinText(pieces));
    return this.#public(scope, () => this.#run(body, scope, origin, syntax, join));
  }

  /** What is wrong in every template inside a value, syntax and names of filters and tests, without evaluating any. */
  check(value: Value, where?: Where): Fault[] {
    if (typeof value === 'string') return isTemplate(value) ? this.#syntax(value, where) : [];
    if (isTermList(value)) return value.flatMap((item, index) => this.check(item, whereOf(value, index) ?? where));
    if (!isTermDict(value)) return [];
    return [...value].flatMap(([key, item]) => this.check(item, whereOf(value, key) ?? where));
  }

  /** The same of a conditional. */
  checkCondition(test: Value, where?: Where): Fault[] {
    if (isTermList(test)) return test.flatMap((one, index) => this.checkCondition(one, whereOf(test, index) ?? where));
    if (typeof test !== 'string' || test.trim() === '') return [];
    if (isTemplate(test)) return this.#syntax(test, where);
    return this.#faultsOf(() => compileBare(test), { template: test, where });
  }

  /** For templates: a playbook string, natively. Throws a Failure. */
  renderText(text: string, scope: Scope, where?: Where): Term {
    return this.#run(text, scope, { template: text, where }, SYNTAX, (pieces) => native(text, pieces));
  }

  /**
   * For templates: another template's text and path, or undefined when it is nowhere. The directory of the template
   * file that asks is looked at last.
   */
  readTemplate(name: string, asking?: string): { readonly text: string; readonly path: string } | undefined {
    const found = this.searchPath.read(name, 'templates');
    if (found || asking === undefined) return found;
    return this.#path([dirname(asking)]).read(name, 'templates');
  }

  #path(directories: readonly string[]): SearchPath {
    const { onRead } = this;
    return new SearchPath(directories, onRead && ((path) => onRead({ kind: 'file', path })));
  }

  /** Runs a template; `join` makes of its pieces what is wanted. */
  #run<T>(text: string, scope: Scope, origin: Origin, syntax: Syntax, join: (pieces: readonly Term[]) => T): T {
    const runtime = new Runtime(this, scope, origin, syntax);
    return runtime.within(origin, () => {
      const template = compileTemplate(text, syntax);
      runtime.copies = template.changes;
      const pieces: Term[] = [];
      runtime.start(template, pieces);
      return join(pieces);
    });
  }

  #evaluate(expression: string, scope: Scope, origin: Origin, trusted: boolean): Value {
    const runtime = new Runtime(this, scope, origin, SYNTAX, trusted);
    return runtime.within(origin, () => {
      const { evaluate, changes }: CompiledExpression = compileBare(expression);
      runtime.copies = changes;
      return finish(evaluate(new Frame(runtime)));
    });
  }

  #public<T>(scope: Scope, run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw toFault(error, () => scope.names());
    }
  }

  #renderList(list: readonly Value[], scope: Scope, where: Where | undefined): Value {
    const items = list.map((item, index) => this.render(item, scope, whereOf(list, index) ?? where));
    return items.every((item, index) => item === list[index]) ? list : items;
  }

  #renderDict(dict: ReadonlyMap<Value, Value>, scope: Scope, where: Where | undefined): Value {
    let same = true;
    const copy = new Map<Value, Value>();
    for (const [key, item] of dict) {
      const place = whereOf(dict, key) ?? where;
      const [newKey, newItem] = [this.render(key, scope, place), this.render(item, scope, place)];
      same &&= newKey === key && newItem === item;
      copy.set(newKey, newItem);
    }
    return same ? dict : copy;
  }

  #truth(result: Value, test: string, where: Where | undefined): boolean {
    if (typeof result === 'boolean') return result;
    const truth = truthy(result);
    this.#warn(
      new Fault(
        'condition-not-boolean',
        `the conditional ${JSON.stringify(test)} gives ${typeName(result)}, taken as ${truth}`,
        { where, hint: 'make it a boolean: compare, test, or use the filter bool' },
      ),
    );
    return truth;
  }

  #syntax(text: string, where: Where | undefined): Fault[] {
    return this.#faultsOf(() => compileTemplate(text, SYNTAX), { template: text, where });
  }

  #faultsOf(compile: () => { readonly calls: readonly Call[] }, origin: Origin): Fault[] {
    const runtime = new Runtime(this, this.noVariables, origin, SYNTAX);
    let calls: readonly Call[] = [];
    const faults = faultOf(runtime, origin, () => {
      calls = compile().calls;
    });
    const unknown = calls.flatMap(({ kind, name, position }) =>
      faultOf(runtime, origin, () => {
        runtime.position = position;
        runtime[kind](name);
      }),
    );
    return [...faults, ...unknown];
  }
}

/** What a step of a check throws, if it does. */
function faultOf(runtime: Runtime, origin: Origin, step: () => void): Fault[] {
  try {
    runtime.within(origin, step);
    return [];
  } catch (error) {
    const fault = toFault(error, () => []);
    if (fault instanceof Fault) return [fault];
    throw fault;
  }
}

/** The pieces of a playbook string as one value. */
function native(template: string, pieces: readonly Term[]): Term {
  const term = joinNative(pieces, null);
  return typeof term === 'string' ? restoreNewlines(template, term) : term;
}

const trailing = (text: string): number => text.length - text.replace(/\n+$/, '').length;

/** Newlines at the end of a template that rendering dropped, as Ansible gives them back. */
function restoreNewlines(template: string, text: string): string {
  if (!template.endsWith('\n')) return text;
  return text + '\n'.repeat(Math.max(0, trailing(template) - trailing(text)));
}
