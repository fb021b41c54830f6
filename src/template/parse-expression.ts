/** Expressions with Jinja's precedence, which is not Python's: `2 ** 3 ** 2` is 64, `~` binds tighter than `+`. */

import type { Operator } from '../value/arithmetic.ts';
import type { Argument, Comparison, Expression } from './ast.ts';
import { parseArguments, parseDottedName } from './parse-arguments.ts';
import { parsePrimary, parseSubscript } from './parse-primary.ts';
import type { TokenReader } from './token-reader.ts';

/** One expression, or several with commas between as a tuple. */
export function parseTuple(reader: TokenReader, { conditional = true } = {}): Expression {
  const position = reader.position;
  const one = (): Expression => (conditional ? parseExpression(reader) : parseOr(reader));
  const first = one();
  if (!reader.isOperator(',')) return first;
  const items = [first];
  while (reader.skipOperator(',')) {
    if (endsTuple(reader)) break;
    items.push(one());
  }
  return { kind: 'tuple', items, position };
}

function endsTuple(reader: TokenReader): boolean {
  const { type } = reader.current;
  return type === 'variable-end' || type === 'block-end' || type === 'end' || reader.isOperator(')');
}

export function parseExpression(reader: TokenReader): Expression {
  let result = parseOr(reader);
  while (reader.isName('if')) {
    const { position } = reader.advance();
    const test = parseOr(reader);
    const whenFalse = reader.skipName('else') ? parseExpression(reader) : undefined;
    result = { kind: 'conditional', test, whenTrue: result, whenFalse, position };
  }
  return result;
}

function parseOr(reader: TokenReader): Expression {
  let left = parseAnd(reader);
  while (reader.isName('or')) {
    const { position } = reader.advance();
    left = { kind: 'or', left, right: parseAnd(reader), position };
  }
  return left;
}

function parseAnd(reader: TokenReader): Expression {
  let left = parseNot(reader);
  while (reader.isName('and')) {
    const { position } = reader.advance();
    left = { kind: 'and', left, right: parseNot(reader), position };
  }
  return left;
}

function parseNot(reader: TokenReader): Expression {
  if (!reader.isName('not')) return parseCompare(reader);
  const { position } = reader.advance();
  return { kind: 'not', operand: parseNot(reader), position };
}

function parseCompare(reader: TokenReader): Expression {
  const first = parseSum(reader);
  const position = reader.position;
  const rest: (readonly [Comparison, Expression])[] = [];
  for (let operator = comparison(reader); operator; operator = comparison(reader)) {
    rest.push([operator, parseSum(reader)]);
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest, position };
}

const COMPARISONS: readonly Comparison[] = ['==', '!=', '<', '<=', '>', '>='];

function comparison(reader: TokenReader): Comparison | undefined {
  const found = COMPARISONS.find((operator) => reader.skipOperator(operator));
  if (found) return found;
  if (reader.skipName('in')) return 'in';
  const after = reader.next;
  if (!reader.isName('not') || after?.type !== 'name' || after.value !== 'in') return undefined;
  reader.advance();
  reader.advance();
  return 'not in';
}

function leftToRight(reader: TokenReader, operators: readonly Operator[], operand: () => Expression): Expression {
  let left = operand();
  for (;;) {
    const operator = operators.find((candidate) => reader.isOperator(candidate));
    if (!operator) return left;
    const { position } = reader.advance();
    left = { kind: 'binary', operator, left, right: operand(), position };
  }
}

const parseSum = (reader: TokenReader): Expression => leftToRight(reader, ['+', '-'], () => parseConcat(reader));
const parseProduct = (reader: TokenReader): Expression =>
  leftToRight(reader, ['*', '/', '//', '%'], () => parsePower(reader));
const parsePower = (reader: TokenReader): Expression => leftToRight(reader, ['**'], () => parseUnary(reader));

function parseConcat(reader: TokenReader): Expression {
  const first = parseProduct(reader);
  if (!reader.isOperator('~')) return first;
  const position = reader.position;
  const items = [first];
  while (reader.skipOperator('~')) items.push(parseProduct(reader));
  return { kind: 'concat', items, position };
}

function parseUnary(reader: TokenReader, withFilters = true): Expression {
  const operand = parsePostfix(reader, parseSigned(reader));
  return withFilters ? parseFiltersAndTests(reader, operand) : operand;
}

function parseSigned(reader: TokenReader): Expression {
  const position = reader.position;
  if (reader.skipOperator('-')) return { kind: 'negative', operand: parseUnary(reader, false), position };
  if (reader.skipOperator('+')) return { kind: 'positive', operand: parseUnary(reader, false), position };
  return parsePrimary(reader);
}

function parsePostfix(reader: TokenReader, object: Expression): Expression {
  let result = object;
  for (;;) {
    if (reader.isOperator('.') || reader.isOperator('[')) result = parseSubscript(reader, result);
    else if (reader.isOperator('(')) result = parseCall(reader, result);
    else return result;
  }
}

function parseFiltersAndTests(reader: TokenReader, operand: Expression): Expression {
  let result = operand;
  for (;;) {
    if (reader.isOperator('|')) result = parseFilter(reader, result);
    else if (reader.isName('is')) result = parseTest(reader, result);
    else if (reader.isOperator('(')) result = parseCall(reader, result);
    else return result;
  }
}

function parseCall(reader: TokenReader, callee: Expression): Expression {
  const position = reader.position;
  return { kind: 'call', callee, arguments: parseArguments(reader), position };
}

function parseFilter(reader: TokenReader, operand: Expression | undefined): Expression {
  reader.operator('|');
  return parseFilterCall(reader, operand);
}

function parseFilterCall(reader: TokenReader, operand: Expression | undefined): Expression {
  const position = reader.position;
  const name = parseDottedName(reader);
  return { kind: 'filter', operand, name, arguments: reader.isOperator('(') ? parseArguments(reader) : [], position };
}

/** Filters on the text of a block: `{% filter upper | trim %}`. */
export function parseBlockFilter(reader: TokenReader): Expression {
  let filter = parseFilterCall(reader, undefined);
  while (reader.isOperator('|')) filter = parseFilter(reader, filter);
  return filter;
}

function parseTest(reader: TokenReader, operand: Expression): Expression {
  reader.keyword('is');
  const negated = reader.skipName('not');
  const position = reader.position;
  const name = parseDottedName(reader);
  const test: Expression = { kind: 'test', operand, name, arguments: parseTestArguments(reader), position };
  return negated ? { kind: 'not', operand: test, position } : test;
}

/** Words that go on after a test instead of being its argument. */
const AFTER_TEST = ['else', 'or', 'and', 'if', 'recursive', 'not', 'in'];

function parseTestArguments(reader: TokenReader): readonly Argument[] {
  if (reader.isOperator('(')) return parseArguments(reader);
  const token = reader.current;
  if (token.type === 'name') {
    if (AFTER_TEST.includes(token.value)) return [];
    if (token.value === 'is') reader.fail('You cannot chain multiple tests with is');
  } else if (!['string', 'integer', 'float'].includes(token.type) && !reader.is('operator', '[', '{')) return [];
  return [{ value: parsePostfix(reader, parsePrimary(reader)) }];
}
