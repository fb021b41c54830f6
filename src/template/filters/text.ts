import { numberOf, tupleOf } from '../../value/arithmetic.ts';
import { dictOf } from '../../value/dict.ts';
import { itemsOf } from '../../value/iterate.ts';
import { percentFormat } from '../../value/percent-format.ts';
import { PythonError } from '../../value/python-error.ts';
import { isTermDict, type Term } from '../../value/term.ts';
import { repr, str } from '../../value/text.ts';
import { attributeOf } from '../attribute-path.ts';
import { type Filters, filter } from '../language.ts';
import { capitalize, center as centered, replaceText, splitText, strip, titleWords } from '../text-work.ts';
import { commentText } from './comment.ts';
import { escapeHtml, stripTags } from './html.ts';
import { wordWrap } from './word-wrap.ts';

export const TEXT_FILTERS: Filters = {
  string: filter('', str),
  upper: filter('', (value) => str(value).toUpperCase()),
  lower: filter('', (value) => str(value).toLowerCase()),
  title: filter('', (value) => titleWords(str(value))),
  capitalize: filter('', (value) => capitalize(str(value))),
  trim: filter('chars', (value, args) => {
    const chars = args.get('chars') ?? null;
    return strip(str(value), chars === null ? undefined : str(chars), true, true);
  }),
  replace: filter('old new count', (value, args) =>
    replaceText(str(value), args.text('old'), args.text('new'), args.number('count', -1)),
  ),
  join: filter('d attribute', (value, args, runtime) => {
    const path = args.get('attribute') ?? null;
    const items = path === null ? itemsOf(value) : itemsOf(value).map(attributeOf(path, runtime));
    return items.map(str).join(args.text('d', ''));
  }),
  split: filter('sep maxsplit', (value, args) => {
    const separator = args.get('sep') ?? null;
    return splitText(str(value), separator === null ? undefined : str(separator), args.number('maxsplit', -1));
  }),
  center: filter('width', (value, args) => centered(str(value), args.number('width', 80))),
  indent: filter('width first blank', (value, args) => {
    const width = args.get('width') ?? 4;
    const margin = typeof width === 'string' ? width : ' '.repeat(numberOf(width));
    const [first = '', ...rest] = str(value).split('\n');
    const indented = rest.map((line) => (line !== '' || args.flag('blank') ? margin + line : line));
    return (args.flag('first') ? margin : '') + [first, ...indented].join('\n');
  }),
  truncate: filter('length killwords end leeway', (value, args) => {
    const [text, length, end] = [[...str(value)], args.number('length', 255), args.text('end', '...')];
    if (text.length <= length + args.number('leeway', 5)) return text.join('');
    const cut = text.slice(0, Math.max(0, length - [...end].length)).join('');
    const blank = cut.lastIndexOf(' ');
    return (args.flag('killwords') || blank < 0 ? cut : cut.slice(0, blank)) + end;
  }),
  wordcount: filter('', (value) => (str(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length),
  wordwrap: filter('width break_long_words wrapstring break_on_hyphens', (value, args) =>
    wordWrap(str(value), args.number('width', 79), {
      breakLong: args.flag('break_long_words', true),
      newline: args.text('wrapstring', '\n'),
      onHyphens: args.flag('break_on_hyphens', true),
    }),
  ),
  format: filter('* **', (value, args) => {
    const { rest, others } = args;
    if (others.size > 0 && rest.length > 0) {
      throw new PythonError("can't handle positional and keyword arguments at the same time");
    }
    return percentFormat(str(value), others.size > 0 ? dictOf(others) : tupleOf(rest));
  }),
  pprint: filter('', repr),
  comment: filter('style **', (value, args) => commentText(str(value), args.text('style', 'plain'), args.others)),
  escape: filter('', (value) => escapeHtml(str(value))),
  e: filter('', (value) => escapeHtml(str(value))),
  forceescape: filter('', (value) => escapeHtml(str(value))),
  safe: filter('', (value) => value),
  striptags: filter('', (value) => stripTags(str(value))),
  urlize: filter('', (value) => urlize(str(value))),
  xmlattr: filter('autospace', (value, args) => xmlAttributes(value, args.flag('autospace', true))),
  quote: filter('', (value) => shellQuote(value === null ? '' : str(value))),
  b64encode: filter('encoding', (value, args) =>
    Buffer.from(str(value), encoding(args.text('encoding', 'utf-8'))).toString('base64'),
  ),
  b64decode: filter('encoding', (value, args) =>
    Buffer.from(str(value), 'base64').toString(encoding(args.text('encoding', 'utf-8'))),
  ),
};

function encoding(name: string): BufferEncoding {
  const known = ENCODINGS.get(name.toLowerCase().replaceAll('_', '-'));
  if (known === undefined) throw new PythonError(`unknown encoding: ${name}`);
  return known;
}

const ENCODINGS: ReadonlyMap<string, BufferEncoding> = new Map<string, BufferEncoding>([
  ['utf-8', 'utf8'],
  ['utf8', 'utf8'],
  ['ascii', 'ascii'],
  ['latin-1', 'latin1'],
  ['latin1', 'latin1'],
  ['iso-8859-1', 'latin1'],
  ['utf-16-le', 'utf16le'],
]);

/** Python's `shlex.quote`. */
function shellQuote(text: string): string {
  if (text === '') return "''";
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

function xmlAttributes(value: Term, space: boolean): string {
  if (!isTermDict(value)) throw new PythonError('xmlattr needs a dictionary');
  const attributes: string[] = [];
  for (const [key, item] of value) {
    if (item === null) continue;
    if (/[\s/>=]/.test(str(key))) throw new PythonError(`Invalid character in attribute name: ${repr(key)}`);
    attributes.push(`${escapeHtml(str(key))}="${escapeHtml(str(item))}"`);
  }
  return (space && attributes.length > 0 ? ' ' : '') + attributes.join(' ');
}

/** URLs and mail addresses as links. */
function urlize(text: string): string {
  return escapeHtml(text).replace(/\b(https?:\/\/[^\s<]+[^\s<.,;:!?)])|\b([\w.+-]+@[\w-]+\.[\w.-]*\w)/g, (all, url) =>
    url === undefined ? `<a href="mailto:${all}">${all}</a>` : `<a href="${all}" rel="noopener">${all}</a>`,
  );
}
