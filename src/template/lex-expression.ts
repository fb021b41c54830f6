import { syntaxFailure } from './failure.ts';
import { unescapeLiteral } from './string-literal.ts';
import type { Token } from './tokens.ts';

const BLANK = /\s*/y;
const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/y;
const INTEGER = /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y;
const NAME = /[\p{L}_][\p{L}\p{N}_\p{M}]*/uy;
const STRING = /'([^'\\]*(?:\\.[^'\\]*)*)'|"([^"\\]*(?:\\.[^"\\]*)*)"/sy;
const OPERATOR = /\*\*|\/\/|==|!=|>=|<=|[-+/*%~[\](){}<>=.:|,;]/y;
const CLOSING: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

export interface Delimited {
  readonly kind: 'block' | 'variable';
  /** The closing delimiter. */
  readonly delimiter: string;
  /** Backslashes in string literals stand for themselves. */
  readonly verbatim: boolean;
}

export interface Closed {
  /** The offset after the closing delimiter. */
  readonly end: number;
  /** The `-` or `+` before it. */
  readonly sign: '' | '-' | '+';
}

/** Reads the tokens between delimiters from `start` on, up to and with the closing one. */
export function lexExpression(
  text: string,
  start: number,
  { kind, delimiter, verbatim }: Delimited,
  tokens: Token[],
): Closed {
  const open: string[] = [];
  for (let position = skipBlanks(text, start); ; position = skipBlanks(text, position)) {
    if (position >= text.length) {
      tokens.push({ type: 'end', position });
      return { end: position, sign: '' };
    }
    const closed = open.length === 0 ? closing(text, position, kind, delimiter) : undefined;
    if (closed) {
      tokens.push({ type: kind === 'block' ? 'block-end' : 'variable-end', position });
      return closed;
    }
    const [token, end] = nextToken(text, position, verbatim);
    if (token.type === 'operator') balance(token.value, position, open);
    tokens.push(token);
    position = end;
  }
}

function skipBlanks(text: string, position: number): number {
  BLANK.lastIndex = position;
  BLANK.test(text);
  return BLANK.lastIndex;
}

function closing(text: string, position: number, kind: 'block' | 'variable', delimiter: string): Closed | undefined {
  if (text.startsWith(delimiter, position)) return { end: position + delimiter.length, sign: '' };
  const sign = text[position];
  if (sign !== '-' && !(sign === '+' && kind === 'block')) return undefined;
  return text.startsWith(delimiter, position + 1) ? { end: position + 1 + delimiter.length, sign } : undefined;
}

function match(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}

function nextToken(text: string, position: number, verbatim: boolean): [token: Token, end: number] {
  const float = match(FLOAT, text, position);
  if (float) return [{ type: 'float', value: Number(float[0].replaceAll('_', '')), position }, FLOAT.lastIndex];
  const integer = match(INTEGER, text, position);
  if (integer) return [{ type: 'integer', value: integerOf(integer[0]), position }, INTEGER.lastIndex];
  const name = match(NAME, text, position);
  if (name) return [{ type: 'name', value: name[0], position }, NAME.lastIndex];
  const string = match(STRING, text, position);
  if (string) {
    const inside = string[1] ?? string[2] ?? '';
    const value = verbatim ? inside.replace(/\\(['"])/g, '$1') : unescapeLiteral(inside, position);
    return [{ type: 'string', value, position }, STRING.lastIndex];
  }
  const operator = match(OPERATOR, text, position);
  if (operator) return [{ type: 'operator', value: operator[0], position }, OPERATOR.lastIndex];
  const char = text[position];
  if (char === "'" || char === '"') throw syntaxFailure('a string is not closed', position);
  throw syntaxFailure(`unexpected char ${JSON.stringify(char)}`, position);
}

function integerOf(literal: string): number | bigint {
  const text = literal.replaceAll('_', '');
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

function balance(operator: string, position: number, open: string[]): void {
  const closer = CLOSING.get(operator);
  if (closer !== undefined) {
    open.push(closer);
    return;
  }
  if (operator !== ')' && operator !== ']' && operator !== '}') return;
  const expected = open.pop();
  if (expected === undefined) throw syntaxFailure(`unexpected '${operator}'`, position);
  if (expected !== operator) throw syntaxFailure(`unexpected '${operator}', expected '${expected}'`, position);
}
