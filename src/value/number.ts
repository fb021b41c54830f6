/** Python's integers and floats on JavaScript's numbers. */

import type { Term } from './term.ts';
import { Float } from './value.ts';

export type Numeric = number | bigint | Float | boolean;

export function isInt(term: Term): term is number | bigint {
  return typeof term === 'bigint' || (typeof term === 'number' && Number.isInteger(term));
}

export function isFloat(term: Term): term is number | Float {
  return term instanceof Float || (typeof term === 'number' && !Number.isInteger(term));
}

/** True for ints and floats; booleans are not counted here, though Python calculates with them. */
export function isNumber(term: Term): term is number | bigint | Float {
  return typeof term === 'number' || typeof term === 'bigint' || term instanceof Float;
}

export function isNumeric(term: Term): term is Numeric {
  return isNumber(term) || typeof term === 'boolean';
}

export function toNumber(value: Numeric): number {
  return value instanceof Float ? value.value : Number(value);
}

/** A JavaScript number as a float: whole ones are wrapped. */
export function toFloat(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

/** An int, as a number where that loses no digit. */
export function toInt(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}
