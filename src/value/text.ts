/** Python's text forms of values: `str()`, `repr()` and type names. */

import { isFloat, isInt } from './number.ts';
import { Foreign, isTermDict, type Term } from './term.ts';
import { Float, Tuple, Unsafe } from './value.ts';

/** Python's name of a value's type. */
export function typeName(term: Term): string {
  if (term === null) return 'NoneType';
  if (typeof term === 'string' || term instanceof Unsafe) return 'str';
  if (typeof term === 'boolean') return 'bool';
  if (isInt(term)) return 'int';
  if (isFloat(term)) return 'float';
  if (term instanceof Tuple) return 'tuple';
  if (Array.isArray(term)) return 'list';
  if (term instanceof Map) return 'dict';
  return term instanceof Foreign ? term.typeName : 'object';
}

/** Python's `str()`: `True`, `None`, `1.0`, `['a']`. */
export function str(term: Term): string {
  if (typeof term === 'string') return term;
  if (typeof term === 'boolean') return term ? 'True' : 'False';
  if (typeof term === 'number') return Number.isInteger(term) ? intText(term) : floatText(term);
  if (typeof term === 'bigint') return term.toString();
  if (term === null) return 'None';
  if (term instanceof Float) return floatText(term.value);
  if (term instanceof Unsafe) return term.text;
  if (term instanceof Foreign) return term.text();
  return containerText(term);
}

function containerText(term: readonly Term[] | ReadonlyMap<Term, Term>): string {
  if (isTermDict(term)) {
    return `{${Array.from(term, ([key, item]) => `${repr(key)}: ${repr(item)}`).join(', ')}}`;
  }
  const items = Array.from(term, repr);
  if (!(term instanceof Tuple)) return `[${items.join(', ')}]`;
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
}

/** Python's `repr()`: as `str()`, with text in quotes. */
export function repr(term: Term): string {
  if (typeof term === 'string') return quoted(term);
  return term instanceof Unsafe ? quoted(term.text) : str(term);
}

function intText(value: number): string {
  if (Object.is(value, -0)) return '0';
  return Math.abs(value) < 1e21 ? String(value) : BigInt(value).toString();
}

/** A float as Python prints it: the shortest digits, with `e` from 1e16 on and below 1e-4. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const plain = value.toString();
  const decimals = mantissa.replace('-', '').length - 2 - exponent;
  const text = plain.includes('e') ? value.toFixed(Math.max(0, decimals)) : plain;
  return text.includes('.') ? text : `${text}.0`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of text) out += char === quote ? `\\${char}` : (ESCAPES[char] ?? printable(char));
  return out + quote;
}

function printable(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 32 || (code >= 0x7f && code < 0xa1) || code === 0xad) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code === 0x200b || code === 0xfeff || code === 0x2028 || code === 0x2029) return `\\u${code.toString(16)}`;
  return char;
}
