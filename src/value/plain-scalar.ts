/** Plain scalars of YAML 1.1, as PyYAML resolves them. */

import { float, type Value } from './value.ts';

const digits = (text: string): string => text.replaceAll('_', '');
const int = (text: string): number | bigint => {
  const value = Number(digits(text));
  return Number.isSafeInteger(value) ? value : BigInt(digits(text).replace(/^\+/, ''));
};
const radix = (text: string, base: number, prefix: RegExp): number => {
  const sign = text.startsWith('-') ? -1 : 1;
  return sign * Number.parseInt(digits(text).replace(/^[-+]/, '').replace(prefix, ''), base);
};
const sexagesimal = (text: string): number =>
  (text.startsWith('-') ? -1 : 1) *
  digits(text)
    .replace(/^[-+]/, '')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);

/** The plain scalars of YAML 1.1 with PyYAML's own regular expressions. */
const PLAIN: readonly (readonly [RegExp, (text: string) => Value])[] = [
  [/^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/, () => true],
  [/^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/, () => false],
  [/^(?:~|null|Null|NULL|)$/, () => null],
  [/^[-+]?0b[0-1_]+$/, (text) => radix(text, 2, /^0b/)],
  [/^[-+]?0[0-7_]+$/, (text) => radix(text, 8, /^0/)],
  [/^[-+]?0x[0-9a-fA-F_]+$/, (text) => radix(text, 16, /^0x/)],
  [/^[-+]?(?:0|[1-9][0-9_]*)$/, int],
  [/^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/, sexagesimal],
  [/^[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?$/, (text) => float(Number(digits(text)))],
  [/^\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?$/, (text) => float(Number(digits(text)))],
  [/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/, (text) => float(sexagesimal(text))],
  [/^[-+]?\.(?:inf|Inf|INF)$/, (text) => (text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)],
  [/^\.(?:nan|NaN|NAN)$/, () => Number.NaN],
];

/** Nearly all text is nothing else, and is not to be tried against each expression. */
const MAY_BE_OTHER = /^(?:[-+.\d~]|[yYnNtTfFoO][a-zA-Z]{0,4}$|$)/;

/** The value of a scalar without quotes and tag; text that is nothing else stays text. */
export function plainScalar(text: string): Value {
  if (!MAY_BE_OTHER.test(text)) return text;
  for (const [pattern, read] of PLAIN) if (pattern.test(text)) return read(text);
  return text;
}
