/** Python's format specifications: what stands after the colon in `'{:>8.2f}'`. */

import { exponential, general } from './format-number.ts';
import { isInt, isNumber, isNumeric, type Numeric, toNumber } from './number.ts';
import { PythonError } from './python-error.ts';
import { demand, type Term } from './term.ts';
import { floatText, str, typeName } from './text.ts';

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su;

interface Spec {
  readonly fill: string | undefined;
  readonly align: string | undefined;
  readonly sign: string | undefined;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly group: string | undefined;
  readonly precision: number | undefined;
  readonly type: string | undefined;
}

export function formatSpec(value: Term, text: string): string {
  demand(value);
  const spec = parseSpec(text);
  const asNumber = isNumber(value) || (typeof value === 'boolean' && spec.type !== undefined && spec.type !== 's');
  if (asNumber && isNumeric(value)) return aligned(spec, numberSign(value, spec), numberDigits(value, spec), '>');
  if (text !== '' && typeof value !== 'string' && typeof value !== 'boolean') {
    throw new PythonError(`unsupported format string passed to ${typeName(value)}.__format__`);
  }
  const chars = [...str(value)];
  return aligned({ ...spec, zero: false, fill: spec.fill ?? (spec.zero ? '0' : ' ') }, '', cut(chars, spec), '<');
}

const cut = (chars: readonly string[], { precision }: Spec): string =>
  (precision === undefined ? chars : chars.slice(0, precision)).join('');

function parseSpec(text: string): Spec {
  const found = SPEC.exec(text);
  if (!found) throw new PythonError('Invalid format specifier');
  const [, fill, align, sign, alternate, zero, width, group, precision, type] = found;
  return {
    fill,
    align,
    sign,
    alternate: alternate !== undefined,
    zero: zero !== undefined,
    width: Number(width ?? 0),
    group,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

function aligned(spec: Spec, sign: string, body: string, usual: '<' | '>'): string {
  const align = spec.align ?? (spec.zero ? '=' : usual);
  const fill = spec.fill ?? (spec.zero ? '0' : ' ');
  const missing = Math.max(0, spec.width - [...body].length - sign.length);
  if (align === '=') return sign + fill.repeat(missing) + body;
  if (align === '<') return sign + body + fill.repeat(missing);
  if (align === '>') return fill.repeat(missing) + sign + body;
  const left = Math.floor(missing / 2);
  return fill.repeat(left) + sign + body + fill.repeat(missing - left);
}

function numberSign(value: Numeric, { sign }: Spec): string {
  if (toNumber(value) < 0) return '-';
  return sign === '+' || sign === ' ' ? sign : '';
}

function numberDigits(value: Numeric, spec: Spec): string {
  const plain = ungrouped(value, spec);
  if (spec.group === undefined) return plain;
  const [whole = '', ...fraction] = plain.split('.');
  return [whole.replace(/\B(?=(\d{3})+(?!\d))/g, spec.group), ...fraction].join('.');
}

function ungrouped(value: Numeric, { type, alternate, precision }: Spec): string {
  const absolute = Math.abs(toNumber(value));
  const whole = (radix: number): string =>
    (typeof value === 'bigint' ? (value < 0n ? -value : value) : Math.trunc(absolute)).toString(radix);
  switch (type) {
    case 'd':
      return whole(10);
    case 'n':
      return isInt(value) ? whole(10) : general(absolute, precision ?? 6);
    case 'x':
      return (alternate ? '0x' : '') + whole(16);
    case 'X':
      return (alternate ? '0X' : '') + whole(16).toUpperCase();
    case 'b':
      return (alternate ? '0b' : '') + whole(2);
    case 'o':
      return (alternate ? '0o' : '') + whole(8);
    case 'c':
      return String.fromCodePoint(absolute);
    case 'f':
    case 'F':
      return absolute.toFixed(precision ?? 6);
    case 'e':
    case 'E': {
      const text = exponential(absolute, precision ?? 6);
      return type === 'E' ? text.toUpperCase() : text;
    }
    case '%':
      return `${(absolute * 100).toFixed(precision ?? 6)}%`;
    case 'g':
    case 'G': {
      const text = general(absolute, precision ?? 6);
      return type === 'G' ? text.toUpperCase() : text;
    }
    default:
      if (isInt(value)) return whole(10);
      return precision === undefined ? floatText(absolute) : general(absolute, precision);
  }
}
