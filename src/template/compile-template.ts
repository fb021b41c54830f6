import type { Term } from '../value/term.ts';
import type { Body } from './ast.ts';
import { compileExpression, type Evaluate } from './compile-expression.ts';
import { compileBody } from './compile-statement.ts';
import type { Frame } from './frame.ts';
import { parseBareExpression, parseTemplate } from './parser.ts';
import { type Call, survey } from './survey.ts';
import { SYNTAX, type Syntax } from './tokens.ts';

export interface CompiledTemplate {
  readonly run: (frame: Frame, out: Term[]) => void;
  readonly blocks: ReadonlyMap<string, (frame: Frame, out: Term[]) => void>;
  /** It calls methods that change lists or dictionaries in place. */
  readonly changes: boolean;
  /** Filters and tests that it names. */
  readonly calls: readonly Call[];
}

export interface CompiledExpression {
  readonly evaluate: Evaluate;
  readonly changes: boolean;
  readonly calls: readonly Call[];
}

/** Compiled templates are shared by all who render; the oldest go when there are many. */
class Cache<T> {
  readonly #known = new Map<string, T>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string, make: () => T): T {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (this.#known.size >= this.#most) this.#known.clear();
    this.#known.set(key, made);
    return made;
  }
}

const templates = new WeakMap<Syntax, Cache<CompiledTemplate>>();
const expressions = new Cache<CompiledExpression>(20_000);

/** Throws a syntax Failure. Compiling the same text again is free. */
export function compileTemplate(text: string, syntax: Syntax = SYNTAX): CompiledTemplate {
  const cache = templates.get(syntax) ?? new Cache<CompiledTemplate>(20_000);
  templates.set(syntax, cache);
  return cache.get(text, () => compile(text, syntax));
}

function compile(text: string, syntax: Syntax): CompiledTemplate {
  const tree = parseTemplate(text, syntax);
  const run = compileBody(parentLast(tree.body));
  const blocks = Array.from(tree.blocks, ([name, body]) => [name, compileBody(body)] as const);
  return { run, blocks: new Map(blocks), ...survey([tree.body, ...tree.blocks.values()]) };
}

/** A template that extends another puts out nothing by itself; what it sets is set before the parent runs. */
function parentLast(body: Body): Body {
  const parent = body.find(({ kind }) => kind === 'extends');
  if (!parent) return body;
  return [...body.filter(({ kind }) => !['data', 'output', 'block', 'extends'].includes(kind)), parent];
}

/** A bare expression, such as a condition. */
export function compileBare(expression: string): CompiledExpression {
  return expressions.get(expression, () => {
    const tree = parseBareExpression(expression);
    return { evaluate: compileExpression(tree), ...survey([tree]) };
  });
}
