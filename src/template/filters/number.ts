/** Filters on numbers and sizes. */

import { numberOf } from '../../value/arithmetic.ts';
import { isInt, isNumeric, toFloat, toNumber } from '../../value/number.ts';
import { PythonError } from '../../value/python-error.ts';
import { demand, type Term } from '../../value/term.ts';
import { str, typeName } from '../../value/text.ts';
import { type Filters, filter } from '../language.ts';

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const FLOAT = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/;

/** Python's `int(text, base)`, or undefined. */
function parseInteger(text: string, base: number): number | bigint | undefined {
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/s.exec(text.trim().replaceAll('_', '').toLowerCase()) ?? [];
  const prefix = base === 16 ? /^0x/ : base === 8 ? /^0o/ : base === 2 ? /^0b/ : /^$/;
  const digits = body.replace(prefix, '');
  const allowed = DIGITS.slice(0, base);
  if (digits === '' || ![...digits].every((digit) => allowed.includes(digit))) return undefined;
  const value = Number.parseInt(digits, base);
  if (Number.isSafeInteger(value)) return sign === '-' ? 0 - value : value;
  const exact = [...digits].reduce((sum, digit) => sum * BigInt(base) + BigInt(allowed.indexOf(digit)), 0n);
  return sign === '-' ? -exact : exact;
}

/** Jinja's filter `int`. */
function integerOf(value: Term, fallback: Term, base: number): Term {
  if (typeof value === 'boolean') return Number(value);
  if (isInt(value)) return value;
  if (isNumeric(value)) return Number.isFinite(toNumber(value)) ? Math.trunc(toNumber(value)) : fallback;
  if (typeof value !== 'string') return fallback;
  const parsed = parseInteger(value, base);
  if (parsed !== undefined) return parsed;
  const text = value.trim().replaceAll('_', '').toLowerCase();
  return FLOAT.test(text) ? Math.trunc(Number(text)) : fallback;
}

function floatOf(value: Term, fallback: Term): Term {
  if (isNumeric(value)) return toFloat(toNumber(value));
  const text = typeof value === 'string' ? value.trim().replaceAll('_', '').toLowerCase() : '';
  if (FLOAT.test(text)) return toFloat(Number(text));
  if (/^[-+]?nan$/.test(text)) return Number.NaN;
  if (/^[-+]?inf(?:inity)?$/.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return fallback;
}

/** Python's `round`: by the float's exact digits, and a half goes to its even neighbour. */
function roundHalfEven(value: number, precision: number): number {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21) return value;
  if (precision < 0) {
    const unit = 10 ** -precision;
    return roundHalfEven(value / unit, 0) * unit;
  }
  const digits = Math.min(precision, 100);
  const rounded = value.toFixed(digits);
  const [, fraction = ''] = value.toFixed(100).split('.');
  const isHalf = /^50*$/.test(fraction.slice(digits));
  const isOdd = '13579'.includes(rounded.at(-1) ?? '');
  // toFixed takes a half away from zero; the even neighbour of an odd result is one unit back.
  return isHalf && isOdd
    ? Number((Number(rounded) - Math.sign(value) * 10 ** -digits).toFixed(digits))
    : Number(rounded);
}

/** An integer stays one. */
const roundInteger = (value: number | bigint, precision: number): Term =>
  precision >= 0 ? value : roundHalfEven(Number(value), precision);

function absolute(value: Term): Term {
  demand(value);
  if (typeof value === 'bigint') return value < 0n ? -value : value;
  if (!isNumeric(value)) throw new PythonError(`bad operand type for abs(): '${typeName(value)}'`);
  const number = Math.abs(toNumber(value));
  return isInt(value) || typeof value === 'boolean' ? number : toFloat(number);
}

const DECIMAL = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
const BINARY = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'];

function fileSize(bytes: number, binary: boolean): string {
  const [base, units] = binary ? [1024, BINARY] : [1000, DECIMAL];
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const power = units.findIndex((_, index) => bytes < base ** (index + 2));
  const index = power < 0 ? units.length - 1 : power;
  return `${(bytes / base ** (index + 1)).toFixed(1)} ${units[index]}`;
}

/** Ansible's sizes: powers of two by a letter. */
const SIZES: readonly (readonly [letter: string, bits: number])[] = [
  ['Y', 80],
  ['Z', 70],
  ['E', 60],
  ['P', 50],
  ['T', 40],
  ['G', 30],
  ['M', 20],
  ['K', 10],
];

function humanReadable(value: number, isBits: boolean, unit: string | undefined): string {
  const size = SIZES.find(([letter, bits]) =>
    unit === undefined ? value >= 2 ** bits : unit.toUpperCase() === letter,
  );
  if (!size) return `${value.toFixed(2)} ${isBits ? 'bits' : 'Bytes'}`;
  return `${(value / 2 ** size[1]).toFixed(2)} ${size[0]}${isBits ? 'b' : 'B'}`;
}

function humanToBytes(text: string, defaultUnit: string | undefined, isBits: boolean): number {
  const [, number = '', unit = defaultUnit ?? 'B'] = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(text) ?? [];
  const letter = unit.charAt(0).toUpperCase();
  const size = SIZES.find(([known]) => known === letter);
  const wrongUnit = isBits ? /B$/.test(unit) && unit.length > 1 : /b$/.test(unit) && unit.length > 1;
  if (number === '' || number === '.' || (!size && letter !== 'B') || wrongUnit) {
    throw new PythonError(`human_to_bytes() can't interpret following string: ${text}`);
  }
  return Math.round(Number(number) * (size ? 2 ** size[1] : 1));
}

function logarithm(value: number, base: number): number {
  if (value <= 0) throw new PythonError('math domain error');
  if (base === 10) return Math.log10(value);
  return base === 2 ? Math.log2(value) : Math.log(value) / Math.log(base);
}

export const NUMBER_FILTERS: Filters = {
  int: filter('default base', (value, args) => integerOf(value, args.get('default') ?? 0, args.number('base', 10))),
  float: filter('default', (value, args) => floatOf(value, args.get('default') ?? toFloat(0))),
  abs: filter('', absolute),
  round: filter('precision method', (value, args) => {
    const [number, precision, method] = [numberOf(value), args.number('precision', 0), args.text('method', 'common')];
    if (method === 'common')
      return isInt(value) ? roundInteger(value, precision) : toFloat(roundHalfEven(number, precision));
    if (method !== 'ceil' && method !== 'floor') throw new PythonError('method must be common, ceil or floor');
    return toFloat(Math[method](number * 10 ** precision) / 10 ** precision);
  }),
  filesizeformat: filter('binary', (value, args) => fileSize(Number(str(floatOf(value, 0))), args.flag('binary'))),
  human_readable: filter('isbits unit', (value, args) => {
    const unit = args.get('unit') ?? null;
    return humanReadable(numberOf(floatOf(value, value)), args.flag('isbits'), unit === null ? undefined : str(unit));
  }),
  human_to_bytes: filter('default_unit isbits', (value, args) => {
    const unit = args.get('default_unit') ?? null;
    return humanToBytes(str(value), unit === null ? undefined : str(unit), args.flag('isbits'));
  }),
  log: filter('base', (value, args) => toFloat(logarithm(numberOf(value), args.number('base', Math.E)))),
  pow: filter('y', (value, args) => toFloat(numberOf(value) ** args.number('y'))),
  root: filter('base', (value, args) => {
    const [number, base] = [numberOf(value), args.number('base', 2)];
    return toFloat(base === 2 ? Math.sqrt(number) : base === 3 ? Math.cbrt(number) : number ** (1 / base));
  }),
};
