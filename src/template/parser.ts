import type { Body, Expression, Statement, Template } from './ast.ts';
import { Failure } from './failure.ts';
import { tokenize } from './lexer.ts';
import { parseTuple } from './parse-expression.ts';
import { parseStatement } from './parse-statement.ts';
import { TokenReader } from './token-reader.ts';
import { SYNTAX, type Syntax } from './tokens.ts';

/** The syntax tree of a template. Throws a syntax Failure. */
export function parseTemplate(template: string, syntax: Syntax): Template {
  const parser = new Parser(new TokenReader(tokenize(template, syntax)));
  const body = parser.body([]);
  return { body, blocks: parser.blocks, extends: parser.extends };
}

const OPENING = '{{ ';
const EXPRESSION: Syntax = { ...SYNTAX, verbatimStrings: false };

/** The syntax tree of a bare expression, such as a condition. Throws a syntax Failure. */
export function parseBareExpression(expression: string): Expression {
  const before = OPENING.length;
  const tokens = withoutBraces(expression, before, () => tokenize(`${OPENING}${expression} }}`, EXPRESSION));
  const moved = tokens.map((token) => ({ ...token, position: placeIn(expression, token.position - before) }));
  return withoutBraces(expression, 0, () => parseAll(new TokenReader(moved)));
}

function parseAll(reader: TokenReader): Expression {
  reader.advance();
  const tree = parseTuple(reader);
  reader.expect('variable-end');
  if (reader.current.type !== 'end') reader.unexpected();
  return tree;
}

function placeIn(expression: string, position: number): number {
  return Math.min(Math.max(0, position), expression.length);
}

const END = "'end of expression'";

/** What fails has its place in the expression, and does not speak of braces that nobody wrote. */
function withoutBraces<T>(expression: string, before: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const position = placeIn(expression, (error.position ?? 0) - before);
    const message = error.message.replaceAll("'end of print statement'", END);
    const isLast = position === expression.length;
    const reworded = isLast ? message.replace(/^unexpected '\}'/, `unexpected ${END}`) : message;
    const failure = new Failure(error.code, reworded, position);
    failure.hint = error.hint;
    throw failure;
  }
}

/** Reads statements; knows the blocks found so far and which end tags are waited for. */
export class Parser {
  readonly reader: TokenReader;
  readonly blocks = new Map<string, Body>();
  extends = false;
  readonly #awaited: (readonly string[])[] = [];

  constructor(reader: TokenReader) {
    this.reader = reader;
  }

  /** Statements up to one of the end tags, whose name is the current token then. */
  body(ends: readonly string[]): Body {
    const { reader } = this;
    const statements: Statement[] = [];
    this.#awaited.push(ends);
    for (;;) {
      const token = reader.current;
      const { position } = token;
      if (token.type === 'end') {
        if (ends.length > 0) this.#unclosed(ends);
        break;
      }
      reader.advance();
      if (token.type === 'data') statements.push({ kind: 'data', text: token.value, position });
      else if (token.type === 'variable-begin') {
        statements.push({ kind: 'output', value: parseTuple(reader), position });
        reader.expect('variable-end');
      } else if (reader.is('name', ...ends)) break;
      else statements.push(...parseStatement(this, position));
    }
    this.#awaited.pop();
    return statements;
  }

  /** Statements after a block's end, up to one of `ends`, and which one it was. */
  until(...ends: readonly string[]): readonly [Body, string] {
    this.reader.expect('block-end');
    const body = this.body(ends);
    return [body, this.reader.name()];
  }

  /** The statements of a block up to `end`, and its closing. */
  block(end: string): Body {
    const [body] = this.until(end);
    this.reader.expect('block-end');
    return body;
  }

  unknownTag(tag: string, position: number): never {
    const ends = this.#awaited.at(-1) ?? [];
    const hint = ends.length > 0 ? ` Jinja was looking for the following tags: ${either(ends)}.` : '';
    this.reader.fail(`Encountered unknown tag '${tag}'.${hint}`, position);
  }

  #unclosed(ends: readonly string[]): never {
    const innermost = ends.at(-1)!.replace(/^end/, '');
    this.reader.fail(
      `Unexpected end of template. Jinja was looking for the following tags: ${either(ends)}. ` +
        `The innermost block that needs to be closed is '${innermost}'.`,
    );
  }
}

const either = (tags: readonly string[]): string => tags.map((tag) => `'${tag}'`).join(' or ');
