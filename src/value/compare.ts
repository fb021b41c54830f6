/** Python's `==`, `<` and `in`. */

import { dictGet, dictHas } from './dict.ts';
import { isNumeric, type Numeric, toNumber } from './number.ts';
import { PythonError } from './python-error.ts';
import { demand, Foreign, isTermDict, isTermList, type Term, type TermDict } from './term.ts';
import { typeName } from './text.ts';
import { Float, Tuple, Unsafe } from './value.ts';

const plain = (term: Term): Term => (term instanceof Unsafe ? term.text : term);

/** Python's `==`: `1 == 1.0 == True`, lists and tuples differ, dictionaries compare without order. */
export function equal(left: Term, right: Term): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left === right;
  const a = plain(left);
  const b = plain(right);
  demand(a);
  demand(b);
  if (a === b) return true;
  if (isNumeric(a) && isNumeric(b)) return equalNumbers(a, b);
  if (isTermList(a) && isTermList(b)) return equalLists(a, b);
  if (isTermDict(a) && isTermDict(b)) return equalDicts(a, b);
  if (a instanceof Foreign) return a.equals(b);
  return false;
}

function equalNumbers(a: Numeric, b: Numeric): boolean {
  return typeof a === 'bigint' || typeof b === 'bigint' ? compareNumbers(a, b) === 0 : toNumber(a) === toNumber(b);
}

function equalLists(a: readonly Term[], b: readonly Term[]): boolean {
  if (a instanceof Tuple !== b instanceof Tuple || a.length !== b.length) return false;
  return a.every((item, index) => equal(item, b[index]!));
}

function equalDicts(a: TermDict, b: TermDict): boolean {
  if (a.size !== b.size) return false;
  for (const [key, item] of a) {
    const other = dictGet(b, key);
    if (other === undefined || !equal(item, other)) return false;
  }
  return true;
}

/** Negative, zero or positive, as Python orders the two; throws where it has no order for them. */
export function compare(left: Term, right: Term, operator = '<'): number {
  const a = plain(left);
  const b = plain(right);
  demand(a);
  demand(b);
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (isTermList(a) && isTermList(b) && a instanceof Tuple === b instanceof Tuple) return compareLists(a, b, operator);
  const order = a instanceof Foreign ? a.compare(b) : undefined;
  if (order !== undefined) return order;
  throw new PythonError(
    `'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function compareNumbers(a: Numeric, b: Numeric): number {
  const x = a instanceof Float ? a.value : a;
  const y = b instanceof Float ? b.value : b;
  // JavaScript compares a bigint with a number exactly.
  if (x < y) return -1;
  if (x > y) return 1;
  // Nothing is less than, greater than or equal to NaN.
  return x >= y ? 0 : Number.NaN;
}

function compareLists(a: readonly Term[], b: readonly Term[], operator: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (!equal(a[i]!, b[i]!)) return compare(a[i]!, b[i]!, operator);
  }
  return a.length - b.length;
}

/** The order of code points, which differs from JavaScript's beyond the basic plane. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

const codePointRank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** Python's `item in container`. */
export function contains(container: Term, item: Term): boolean {
  const within = plain(container);
  const sought = plain(item);
  demand(within);
  demand(sought);
  if (isTermList(within)) return within.some((other) => equal(other, sought));
  if (isTermDict(within)) return dictHas(within, sought);
  if (typeof within !== 'string') throw new PythonError(`argument of type '${typeName(within)}' is not iterable`);
  if (typeof sought === 'string') return within.includes(sought);
  throw new PythonError(`'in <string>' requires string as left operand, not ${typeName(sought)}`);
}
