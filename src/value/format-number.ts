/** Digits of numbers as C's printf writes them. */

import { floatText } from './text.ts';

/** `%e`: at least two digits of exponent. */
export function exponential(value: number, precision: number): string {
  return value.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** `%g`: the shorter of fixed and exponential, without trailing zeros. */
export function general(value: number, precision: number): string {
  if (!Number.isFinite(value)) return floatText(value);
  const digits = precision === 0 ? 1 : precision;
  if (value === 0) return '0';
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]);
  if (exponent < -4 || exponent >= digits) return exponential(value, digits - 1).replace(/\.?0+e/, 'e');
  const fixed = value.toFixed(Math.max(0, digits - 1 - exponent));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}
