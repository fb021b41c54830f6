/** Python's `'%05.2f' % value`. */

import { dictGet } from './dict.ts';
import { exponential, general } from './format-number.ts';
import { isNumeric, toNumber } from './number.ts';
import { PythonError } from './python-error.ts';
import { demand, isTermDict, type Term } from './term.ts';
import { repr, str, typeName } from './text.ts';
import { Tuple } from './value.ts';

const DIRECTIVE = /%(?:\((\w+)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([diouxXeEfFgGcrsa%])|%/g;

export function percentFormat(format: string, argument: Term): string {
  const values = new PercentArguments(argument);
  const text = format.replace(DIRECTIVE, (_all, key, flags, width, precision, conversion?: string) => {
    if (conversion === undefined) throw new PythonError('incomplete format');
    if (conversion === '%') return '%';
    const columns = width === '*' ? Number(str(values.next())) : Number(width ?? 0);
    const digits = precision === '*' ? str(values.next()) : precision;
    const value = key === undefined ? values.next() : values.named(key);
    demand(value);
    return directive(value, conversion, flags, columns, digits === undefined ? undefined : Number(digits));
  });
  values.finish();
  return text;
}

/** The right side of `%`: a tuple is taken item by item, a dictionary by name, anything else once. */
class PercentArguments {
  readonly #argument: Term;
  #taken = 0;
  #byName = false;

  constructor(argument: Term) {
    this.#argument = argument;
  }

  next(): Term {
    const all = this.#argument instanceof Tuple ? (this.#argument as readonly Term[]) : [this.#argument];
    const value = all[this.#taken++];
    if (value === undefined) throw new PythonError('not enough arguments for format string');
    return value;
  }

  named(key: string): Term {
    this.#byName = true;
    if (!isTermDict(this.#argument)) throw new PythonError('format requires a mapping');
    const value = dictGet(this.#argument, key);
    if (value === undefined) throw new PythonError(`the format names '${key}', which is not given`);
    return value;
  }

  finish(): void {
    if (this.#byName) return;
    const given = this.#argument instanceof Tuple ? this.#argument.length : isTermDict(this.#argument) ? 0 : 1;
    if (this.#taken < given) throw new PythonError('not all arguments converted during string formatting');
  }
}

function directive(value: Term, conversion: string, flags: string, width: number, precision?: number): string {
  const [sign, body] = converted(value, conversion, flags, precision);
  const missing = width - sign.length - [...body].length;
  if (missing <= 0) return sign + body;
  if (flags.includes('-')) return sign + body + ' '.repeat(missing);
  if (flags.includes('0') && conversion !== 's') return sign + '0'.repeat(missing) + body;
  return ' '.repeat(missing) + sign + body;
}

function converted(value: Term, conversion: string, flags: string, precision?: number): [sign: string, body: string] {
  switch (conversion) {
    case 's':
      return ['', precision === undefined ? str(value) : [...str(value)].slice(0, precision).join('')];
    case 'r':
    case 'a':
      return ['', repr(value)];
    case 'c':
      return ['', isNumeric(value) ? String.fromCodePoint(toNumber(value)) : str(value)];
  }
  if (!isNumeric(value)) {
    throw new PythonError(`%${conversion} format: a real number is required, not ${typeName(value)}`);
  }
  const number = toNumber(value);
  const negative = number < 0 || Object.is(number, -0);
  const whole = typeof value === 'bigint' ? (value < 0n ? -value : value) : BigInt(wholePart(number, conversion));
  const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return [sign, digits(Math.abs(number), whole, conversion, flags.includes('#'), precision)];
}

function wholePart(number: number, conversion: string): number {
  if (Number.isFinite(number)) return Math.trunc(Math.abs(number));
  if ('diuxXo'.includes(conversion)) throw new PythonError('cannot convert float infinity or NaN to integer');
  return 0;
}

function digits(value: number, whole: bigint, conversion: string, alternate: boolean, precision = 6): string {
  switch (conversion) {
    case 'd':
    case 'i':
    case 'u':
      return whole.toString();
    case 'x':
      return (alternate ? '0x' : '') + whole.toString(16);
    case 'X':
      return (alternate ? '0X' : '') + whole.toString(16).toUpperCase();
    case 'o':
      return (alternate ? '0o' : '') + whole.toString(8);
    case 'f':
    case 'F':
      return value.toFixed(precision);
    case 'e':
      return exponential(value, precision);
    case 'E':
      return exponential(value, precision).toUpperCase();
    default:
      return conversion === 'G' ? general(value, precision).toUpperCase() : general(value, precision);
  }
}
