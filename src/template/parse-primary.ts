import { toFloat } from '../value/number.ts';
import type { Expression } from './ast.ts';
import { parseExpression, parseTuple } from './parse-expression.ts';
import type { TokenReader } from './token-reader.ts';

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

export const isConstantName = (name: string): boolean => CONSTANTS.has(name);

/** A name, a literal, or something in brackets. */
export function parsePrimary(reader: TokenReader): Expression {
  const token = reader.current;
  const { position } = token;
  switch (token.type) {
    case 'name': {
      reader.advance();
      const constant = CONSTANTS.get(token.value);
      return constant === undefined
        ? { kind: 'name', name: token.value, position }
        : { kind: 'constant', value: constant, position };
    }
    case 'string':
      return { kind: 'constant', value: adjacentStrings(reader), position };
    case 'integer':
      reader.advance();
      return { kind: 'constant', value: token.value, position };
    case 'float':
      reader.advance();
      return { kind: 'constant', value: toFloat(token.value), position };
    case 'operator':
      return parseBracketed(reader, position);
    default:
      return reader.unexpected();
  }
}

/** `'a' 'b'` is `'ab'`. */
function adjacentStrings(reader: TokenReader): string {
  let text = '';
  for (let token = reader.current; token.type === 'string'; token = reader.current) {
    text += token.value;
    reader.advance();
  }
  return text;
}

function parseBracketed(reader: TokenReader, position: number): Expression {
  if (reader.skipOperator('(')) {
    if (reader.skipOperator(')')) return { kind: 'tuple', items: [], position };
    const inside = parseTuple(reader);
    reader.operator(')');
    return inside;
  }
  if (reader.skipOperator('[')) return { kind: 'list', items: separated(reader, ']', parseExpression), position };
  if (reader.skipOperator('{')) return { kind: 'dict', items: separated(reader, '}', parsePair), position };
  return reader.unexpected();
}

function separated<T>(reader: TokenReader, closing: string, parse: (reader: TokenReader) => T): readonly T[] {
  const items: T[] = [];
  while (!reader.isOperator(closing)) {
    if (items.length > 0) reader.operator(',');
    if (reader.isOperator(closing)) break;
    items.push(parse(reader));
  }
  reader.operator(closing);
  return items;
}

function parsePair(reader: TokenReader): readonly [Expression, Expression] {
  const key = parseExpression(reader);
  reader.operator(':');
  return [key, parseExpression(reader)];
}

/** `.name`, `.0`, `[key]` or `[from:to:step]` after `object`. */
export function parseSubscript(reader: TokenReader, object: Expression): Expression {
  const position = reader.position;
  if (reader.skipOperator('.')) return parseMember(reader, object, position);
  reader.operator('[');
  const parts = separated(reader, ']', parseSubscripted);
  const [only] = parts;
  if (only === undefined) return reader.fail('expected subscript expression', position);
  if (parts.length === 1) {
    return only.kind === 'range'
      ? { kind: 'slice', object, from: only.from, to: only.to, step: only.step, position }
      : { kind: 'item', object, key: only, position };
  }
  const items = parts.map((part) => (part.kind === 'range' ? reader.fail('expected an index', position) : part));
  return { kind: 'item', object, key: { kind: 'tuple', items, position }, position };
}

function parseMember(reader: TokenReader, object: Expression, position: number): Expression {
  const token = reader.advance();
  if (token.type === 'name') return { kind: 'attribute', object, name: token.value, position: token.position };
  const item = (from: Expression, value: number | bigint): Expression => {
    return { kind: 'item', object: from, key: { kind: 'constant', value, position: token.position }, position };
  };
  if (token.type === 'integer') return item(object, token.value);
  // `list.0.1` reads as the float 0.1.
  if (token.type === 'float') return String(token.value).split('.').map(Number).reduce(item, object);
  return reader.fail('expected name or number', token.position);
}

interface Range {
  readonly kind: 'range';
  readonly from: Expression | undefined;
  readonly to: Expression | undefined;
  readonly step: Expression | undefined;
}

function parseSubscripted(reader: TokenReader): Expression | Range {
  const from = reader.isOperator(':') ? undefined : parseExpression(reader);
  if (from && !reader.isOperator(':')) return from;
  reader.operator(':');
  const bound = (): Expression | undefined =>
    reader.is('operator', ':', ']', ',') ? undefined : parseExpression(reader);
  const to = bound();
  const step = reader.skipOperator(':') ? bound() : undefined;
  return { kind: 'range', from, to, step };
}
