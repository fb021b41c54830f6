import { numberOf } from '../../value/arithmetic.ts';
import { PythonError } from '../../value/python-error.ts';
import { repr, str } from '../../value/text.ts';
import { DateTime } from '../date-time.ts';
import { type Filters, filter } from '../language.ts';
import { strftime } from '../strftime.ts';

const FIELDS: Readonly<Record<string, string>> = {
  Y: '(\\d{4})',
  y: '(\\d{2})',
  m: '(\\d{1,2})',
  d: '(\\d{1,2})',
  H: '(\\d{1,2})',
  M: '(\\d{1,2})',
  S: '(\\d{1,2})',
  f: '(\\d{1,6})',
  b: '([A-Za-z]{3})',
  Z: '([A-Za-z]+)',
  z: '(Z|[+-]\\d{2}:?\\d{2})',
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Python's `datetime.strptime`. A zone is read and passed over. */
function parseDate(text: string, format: string): DateTime {
  const letters: string[] = [];
  const source = format.replace(/%([A-Za-z%])|([.*+?^${}()|[\]\\])|\s+/g, (_all, letter?: string, special?: string) => {
    if (special !== undefined) return `\\${special}`;
    if (letter === undefined) return '\\s+';
    if (letter === '%') return '%';
    const field = FIELDS[letter];
    if (field === undefined) throw new PythonError(`'${letter}' is a bad directive in format ${repr(format)}`);
    letters.push(letter);
    return field;
  });
  const match = new RegExp(`^${source}$`).exec(text);
  if (!match) throw new PythonError(`time data ${repr(text)} does not match format ${repr(format)}`);
  const fields = new Map(letters.map((letter, index) => [letter, match[index + 1] ?? '']));
  const part = (letter: string, usual: number): number => (fields.has(letter) ? Number(fields.get(letter)) : usual);
  const month = fields.has('b') ? MONTHS.indexOf(fields.get('b')!.toLowerCase()) : part('m', 1) - 1;
  const year = fields.has('y') ? part('y', 0) + (part('y', 0) < 69 ? 2000 : 1900) : part('Y', 1900);
  const milliseconds = Math.floor(Number((fields.get('f') ?? '0').padEnd(6, '0')) / 1000);
  return new DateTime(Date.UTC(year, month, part('d', 1), part('H', 0), part('M', 0), part('S', 0), milliseconds));
}

export const TIME_FILTERS: Filters = {
  strftime: filter('second utc', (value, args, { templar }) => {
    const second = args.get('second') ?? null;
    const instant = second === null ? templar.now() : new Date(numberOf(second) * 1000);
    if (args.flag('utc')) return strftime(str(value), instant.getTime(), 0);
    const offset = -instant.getTimezoneOffset();
    return strftime(str(value), instant.getTime() + offset * 60_000, offset);
  }),
  to_datetime: filter('format', (value, args) => parseDate(str(value), args.text('format', '%Y-%m-%d %H:%M:%S'))),
};
