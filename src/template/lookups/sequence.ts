import { percentFormat } from '../../value/percent-format.ts';
import { PythonError } from '../../value/python-error.ts';
import { str } from '../../value/text.ts';
import type { Value } from '../../value/value.ts';
import { type Lookup, parseSettings } from './lookup.ts';

const SHORT = /^(?:((?:0[xX])?[0-9a-fA-F]+)-)?((?:0[xX])?[0-9a-fA-F]+)(?:\/((?:0[xX])?[0-9a-fA-F]+))?(?::(.+))?$/;
const LONGEST = 1_000_000;

/** `start=1 end=10 stride=2 format=host%02d`, `count=5`, or short `1-10/2:host%02d`. Gives texts. */
export const sequence: Lookup = (terms, options) => {
  const given = Array.from(options, ([key, value]) => [str(key), str(value)] as const);
  const texts = terms.length === 0 ? [''] : terms.map(str);
  return texts.flatMap((text) => numbers(new Map([...given, ...settingsOf(text)])));
};

function settingsOf(text: string): ReadonlyMap<string, string> {
  const short = SHORT.exec(text.trim());
  if (!short) return parseSettings(text).settings;
  const [, start, end, stride, format] = short;
  const entries = Object.entries({ start, end, stride, format });
  return new Map(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function integer(settings: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = settings.get(name);
  if (text === undefined) return undefined;
  const value = /^-?0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
  if (text.trim() === '' || !Number.isInteger(value)) throw new PythonError(`can't parse ${name}=${text} as integer`);
  return value;
}

function numbers(settings: ReadonlyMap<string, string>): Value[] {
  const [start, stride] = [integer(settings, 'start') ?? 1, integer(settings, 'stride') ?? 1];
  const [count, last] = [integer(settings, 'count'), integer(settings, 'end')];
  if ((count === undefined) === (last === undefined)) throw new PythonError('a sequence needs either count or end');
  if (count === 0 || stride === 0) return [];
  const end = last ?? start + (count ?? 0) * stride - Math.sign(stride);
  if (stride > 0 && end < start) throw new PythonError('to count backwards make stride negative');
  if (stride < 0 && end > start) throw new PythonError("to count forward don't make stride negative");
  if ((end - start) / stride > LONGEST) throw new PythonError(`a sequence may have at most ${LONGEST} items`);
  const format = settings.get('format') ?? '%d';
  const texts: Value[] = [];
  for (let number = start; stride > 0 ? number <= end : number >= end; number += stride) {
    texts.push(percentFormat(format, number));
  }
  return texts;
}
