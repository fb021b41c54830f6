import { tupleOf } from '../../value/arithmetic.ts';
import { dictGet } from '../../value/dict.ts';
import { itemsOf } from '../../value/iterate.ts';
import { PythonError } from '../../value/python-error.ts';
import { isTermDict, isTermList, type Term } from '../../value/term.ts';
import { typeName } from '../../value/text.ts';
import type { Arguments } from '../arguments.ts';
import { capitalize, center, justify, replaceText, splitText, splitTextRight, strip, titleCase } from '../text-work.ts';
import { formatText } from './format.ts';
import { type Method, method, methods } from './method.ts';

/** An argument that Python wants to be text. */
function textOf(args: Arguments, name: string): string {
  return asText(args.required(name));
}

function asText(term: Term): string {
  if (typeof term === 'string') return term;
  throw new PythonError(`must be str, not ${typeName(term)}`);
}

const separator = (args: Arguments): string | undefined =>
  args.get('sep') === undefined || args.get('sep') === null ? undefined : textOf(args, 'sep');

const matches = (pattern: RegExp): Method<string> => method('', (text) => pattern.test(text));

const stripped = (left: boolean, right: boolean): Method<string> =>
  method('chars', (text, args) =>
    strip(text, args.get('chars') == null ? undefined : textOf(args, 'chars'), left, right),
  );

/** `startswith` and `endswith`: one text or a tuple of them, within a range. */
function affix(test: (text: string, affix: string) => boolean): Method<string> {
  return method('affix start end', (text, args) => {
    const within = text.slice(args.number('start', 0), args.number('end', text.length));
    const affixes = args.required('affix');
    return (isTermList(affixes) ? affixes : [affixes]).some((one) => test(within, asText(one)));
  });
}

function find(text: string, args: Arguments, last: boolean): number {
  const start = args.number('start', 0);
  const from = start < 0 ? Math.max(0, text.length + start) : start;
  const within = text.slice(0, args.number('end', text.length));
  const index = last ? within.lastIndexOf(textOf(args, 'sub')) : within.indexOf(textOf(args, 'sub'), from);
  return index < from ? -1 : index;
}

function mustFind(text: string, args: Arguments, last: boolean): number {
  const index = find(text, args, last);
  if (index < 0) throw new PythonError('substring not found');
  return index;
}

function partition(text: string, by: string, index: number): Term {
  if (index < 0) return tupleOf([text, '', '']);
  return tupleOf([text.slice(0, index), by, text.slice(index + by.length)]);
}

function join(glue: string, items: readonly Term[]): string {
  return Array.from(items, (item, index) => {
    if (typeof item === 'string') return item;
    throw new PythonError(`sequence item ${index}: expected str instance, ${typeName(item)} found`);
  }).join(glue);
}

const BREAK = '\\r\\n|[\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]';
const LINES = new RegExp(`(?:(?!${BREAK})[\\s\\S])*(?:${BREAK})|(?:(?!${BREAK})[\\s\\S])+$`, 'g');
const LINE_END = new RegExp(`(?:${BREAK})$`);

/** Python's `str.splitlines()`. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines = text.match(LINES) ?? [];
  return keepEnds ? [...lines] : lines.map((line) => line.replace(LINE_END, ''));
}

export const TEXT_METHODS = methods<string>({
  split: method('sep maxsplit', (text, args) => splitText(text, separator(args), args.number('maxsplit', -1))),
  rsplit: method('sep maxsplit', (text, args) => splitTextRight(text, separator(args), args.number('maxsplit', -1))),
  strip: stripped(true, true),
  lstrip: stripped(true, false),
  rstrip: stripped(false, true),
  upper: method('', (text) => text.toUpperCase()),
  lower: method('', (text) => text.toLowerCase()),
  casefold: method('', (text) => text.toLowerCase().replaceAll('ß', 'ss')),
  title: method('', titleCase),
  capitalize: method('', capitalize),
  swapcase: method('', (text) =>
    [...text].map((char) => (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase())).join(''),
  ),
  replace: method('old new count', (text, args) =>
    replaceText(text, textOf(args, 'old'), textOf(args, 'new'), args.number('count', -1)),
  ),
  startswith: affix((text, prefix) => text.startsWith(prefix)),
  endswith: affix((text, suffix) => text.endsWith(suffix)),
  find: method('sub start end', (text, args) => find(text, args, false)),
  rfind: method('sub start end', (text, args) => find(text, args, true)),
  index: method('sub start end', (text, args) => mustFind(text, args, false)),
  rindex: method('sub start end', (text, args) => mustFind(text, args, true)),
  count: method('sub', (text, args) => {
    const sub = textOf(args, 'sub');
    return sub === '' ? itemsOf(text).length + 1 : text.split(sub).length - 1;
  }),
  join: method('items', (text, args) => join(text, args.list('items'))),
  splitlines: method('keepends', (text, args) => splitLines(text, args.flag('keepends'))),
  format: method('* **', (text, args) => formatText(text, args.rest, args.others)),
  format_map: method('mapping', (text, args) => {
    const mapping = args.required('mapping');
    if (!isTermDict(mapping)) throw new PythonError('format_map needs a dictionary');
    return formatText(text, [], { get: (name: string) => dictGet(mapping, name) });
  }),
  zfill: method('width', (text, args) => {
    const sign = /^[+-]/.exec(text)?.[0] ?? '';
    return sign + text.slice(sign.length).padStart(args.number('width') - sign.length, '0');
  }),
  ljust: method('width fill', (text, args) => justify(text, args.number('width'), args.text('fill', ' '), 'left')),
  rjust: method('width fill', (text, args) => justify(text, args.number('width'), args.text('fill', ' '), 'right')),
  center: method('width fill', (text, args) => center(text, args.number('width'), args.text('fill', ' '))),
  partition: method('sep', (text, args) => partition(text, textOf(args, 'sep'), text.indexOf(textOf(args, 'sep')))),
  rpartition: method('sep', (text, args) => {
    const by = textOf(args, 'sep');
    const index = text.lastIndexOf(by);
    return index < 0 ? tupleOf(['', '', text]) : partition(text, by, index);
  }),
  isdigit: matches(/^\p{Nd}+$/u),
  isdecimal: matches(/^\p{Nd}+$/u),
  isnumeric: matches(/^\p{N}+$/u),
  isalpha: matches(/^\p{L}+$/u),
  isalnum: matches(/^[\p{L}\p{N}]+$/u),
  isspace: matches(/^\s+$/u),
  isascii: method('', (text) => /^[\0-\x7f]*$/.test(text)),
  isidentifier: matches(/^[\p{L}_][\p{L}\p{N}_]*$/u),
  isupper: method('', isUpper),
  islower: method('', isLower),
  istitle: method('', (text) => text !== text.toLowerCase() && text === titleCase(text)),
  removeprefix: method('prefix', (text, args) => {
    const prefix = textOf(args, 'prefix');
    return text.startsWith(prefix) ? text.slice(prefix.length) : text;
  }),
  removesuffix: method('suffix', (text, args) => {
    const suffix = textOf(args, 'suffix');
    return text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text;
  }),
  expandtabs: method('tabsize', (text, args) => expandTabs(text, args.number('tabsize', 8))),
  // Bytes are no type here: text stands for its own UTF-8 form.
  encode: method('encoding errors', (text) => text),
  decode: method('encoding errors', (text) => text),
});

export function isUpper(text: string): boolean {
  return text === text.toUpperCase() && text !== text.toLowerCase();
}

export function isLower(text: string): boolean {
  return text === text.toLowerCase() && text !== text.toUpperCase();
}

function expandTabs(text: string, size: number): string {
  return text
    .split('\n')
    .map((line) => {
      let out = '';
      for (const char of line) out += char === '\t' ? ' '.repeat(size > 0 ? size - (out.length % size) : 0) : char;
      return out;
    })
    .join('\n');
}
