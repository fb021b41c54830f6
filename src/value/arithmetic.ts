/** Python's arithmetic: ints never lose digits, floats stay floats, `+` joins text and lists, `%` formats. */

import { isFloat, isInt, isNumeric, type Numeric, toFloat, toInt, toNumber } from './number.ts';
import { percentFormat } from './percent-format.ts';
import { PythonError } from './python-error.ts';
import { demand, Foreign, isTermList, type Term } from './term.ts';
import { typeName } from './text.ts';
import { Tuple, Unsafe } from './value.ts';

export type Operator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** An object that knows how to add and subtract (dates do). */
export interface Calculates {
  calculate(operator: '+' | '-', other: Term): Term | undefined;
}

const LARGEST_TEXT = 100_000_000;
const LARGEST_LIST = 10_000_000;

export function calculate(operator: Operator, left: Term, right: Term): Term {
  const a = left instanceof Unsafe ? left.text : left;
  const b = right instanceof Unsafe ? right.text : right;
  demand(a);
  if (operator === '%' && typeof a === 'string') return percentFormat(a, b);
  demand(b);
  if (isNumeric(a) && isNumeric(b)) return ARITHMETIC[operator](a, b);
  const result = operator === '+' ? join(a, b) : operator === '*' ? repeat(a, b) : undefined;
  if (result !== undefined) return result;
  if ((operator === '+' || operator === '-') && knowsArithmetic(a)) {
    const answer = a.calculate(operator, b);
    if (answer !== undefined) return answer;
  }
  throw new PythonError(
    `unsupported operand type(s) for ${operator === '**' ? '** or pow()' : operator}: '${typeName(a)}' and '${typeName(b)}'`,
  );
}

export function negate(term: Term): Term {
  demand(term);
  if (!isNumeric(term)) throw new PythonError(`bad operand type for unary -: '${typeName(term)}'`);
  return isFloat(term) ? toFloat(-toNumber(term)) : calculate('-', 0, term);
}

/** The number that an operand or argument must be. */
export function numberOf(term: Term): number {
  demand(term);
  if (isNumeric(term)) return toNumber(term);
  throw new PythonError(`a number is needed, not '${typeName(term)}'`);
}

const knowsArithmetic = (term: Term): term is Foreign & Calculates => term instanceof Foreign && 'calculate' in term;

function join(a: Term, b: Term): Term | undefined {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (isTermList(a) && isTermList(b) && a instanceof Tuple === b instanceof Tuple) return sameKind(a, [...a, ...b]);
  if (typeof a !== 'string' && !isTermList(a)) return undefined;
  throw new PythonError(`can only concatenate ${typeName(a)} (not "${typeName(b)}") to ${typeName(a)}`);
}

function repeat(a: Term, b: Term): Term | undefined {
  const [sequence, count] = isWhole(a) ? [b, a] : [a, b];
  if (!isWhole(count) || (typeof sequence !== 'string' && !isTermList(sequence))) return undefined;
  const times = Math.max(0, Number(count));
  const limit = typeof sequence === 'string' ? LARGEST_TEXT : LARGEST_LIST;
  if (sequence.length * times > limit) throw new PythonError('the repeated text or list is too large');
  if (typeof sequence === 'string') return sequence.repeat(times);
  const items: Term[] = [];
  for (let i = 0; i < times; i++) for (const item of sequence) items.push(item);
  return sameKind(sequence, items);
}

const isWhole = (term: Term): term is number | bigint | boolean => isInt(term) || typeof term === 'boolean';

/** A list or tuple like `model`. */
export function sameKind(model: readonly Term[], items: readonly Term[]): readonly Term[] {
  return model instanceof Tuple ? tupleOf(items) : items;
}

export function tupleOf(items: Iterable<Term>): readonly Term[] {
  const tuple: Term[] = new Tuple();
  for (const item of items) tuple.push(item);
  return tuple;
}

const anyFloat = (a: Numeric, b: Numeric): boolean => isFloat(a) || isFloat(b);
const big = (value: Numeric): bigint => (typeof value === 'bigint' ? value : BigInt(toNumber(value)));
const anyBig = (a: Numeric, b: Numeric): boolean => typeof a === 'bigint' || typeof b === 'bigint';

/** An operation on floats, or on ints of any length. */
function exactly(onNumbers: (a: number, b: number) => number, onInts: (a: bigint, b: bigint) => bigint) {
  return (a: Numeric, b: Numeric): Term => {
    if (anyFloat(a, b)) return toFloat(onNumbers(toNumber(a), toNumber(b)));
    const result = anyBig(a, b) ? Number.NaN : onNumbers(Number(a), Number(b));
    return Number.isSafeInteger(result) ? result : toInt(onInts(big(a), big(b)));
  };
}

const ARITHMETIC: Readonly<Record<Operator, (a: Numeric, b: Numeric) => Term>> = {
  '+': exactly(
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  '-': exactly(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  '*': exactly(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  '/': (a, b) => {
    if (toNumber(b) === 0) throw new PythonError(anyFloat(a, b) ? 'float division by zero' : 'division by zero');
    return toFloat(toNumber(a) / toNumber(b));
  },
  '//': floorDivide,
  '%': modulo,
  '**': power,
};

function floorDivide(a: Numeric, b: Numeric): Term {
  if (toNumber(b) === 0) throw new PythonError('integer division or modulo by zero');
  if (anyFloat(a, b)) return toFloat(Math.floor(toNumber(a) / toNumber(b)));
  if (!anyBig(a, b)) return Math.floor(toNumber(a) / toNumber(b));
  const [x, y] = [big(a), big(b)];
  const quotient = x / y;
  return toInt(x % y !== 0n && x < 0n !== y < 0n ? quotient - 1n : quotient);
}

function modulo(a: Numeric, b: Numeric): Term {
  if (toNumber(b) === 0) throw new PythonError('integer modulo by zero');
  if (!anyFloat(a, b) && anyBig(a, b)) return toInt(((big(a) % big(b)) + big(b)) % big(b));
  const divisor = toNumber(b);
  const rest = toNumber(a) % divisor;
  // Python's remainder has the sign of the divisor.
  const result = rest !== 0 && rest < 0 !== divisor < 0 ? rest + divisor : rest;
  return anyFloat(a, b) ? toFloat(result) : result;
}

function power(a: Numeric, b: Numeric): Term {
  const result = toNumber(a) ** toNumber(b);
  if (anyFloat(a, b) || toNumber(b) < 0) return toFloat(result);
  if (Number.isSafeInteger(result) && !anyBig(a, b)) return result;
  if (toNumber(b) > 20_000) throw new PythonError('the exponent is too large');
  return toInt(big(a) ** big(b));
}
