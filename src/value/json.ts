/** JSON as Python's `json` writes and reads it. */

import { compareText } from './compare.ts';
import { isFloat, isInt, toFloat, toInt, toNumber } from './number.ts';
import { PythonError } from './python-error.ts';
import { demand, isTermDict, isTermList, type Term } from './term.ts';
import { floatText, str, typeName } from './text.ts';
import { Unsafe, type Value } from './value.ts';

export interface JsonStyle {
  /** Spaces (or the text) of one level; without it everything stands on one line. */
  readonly indent?: number | string | undefined;
  /** Characters beyond ASCII as `\u` escapes. Default true. */
  readonly ascii?: boolean;
  /** Keys in order. Default false. */
  readonly sort?: boolean;
  /** Between items, and between a key and its item. Default `', '` (`','` with an indent) and `': '`. */
  readonly separators?: readonly [item: string, key: string] | undefined;
}

/** Python's `json.dumps`. */
export function writeJson(term: Term, style: JsonStyle = {}): string {
  return write(term, style, '\n');
}

function write(term: Term, style: JsonStyle, newline: string): string {
  if (term === null) return 'null';
  if (typeof term === 'boolean') return String(term);
  if (isInt(term)) return str(term);
  if (isFloat(term)) return floatJson(toNumber(term));
  if (typeof term === 'string') return textJson(term, style);
  if (term instanceof Unsafe) return textJson(term.text, style);
  if (isTermList(term)) {
    return bracketed('[', ']', newline, style, (inner) => Array.from(term, (item) => write(item, style, inner)));
  }
  if (isTermDict(term)) {
    const colon = style.separators?.[1] ?? ': ';
    const member = (key: Term, item: Term, inner: string): string =>
      textJson(keyText(key), style) + colon + write(item, style, inner);
    return bracketed('{', '}', newline, style, (inner) =>
      entriesOf(term, style).map(([key, item]) => member(key, item, inner)),
    );
  }
  demand(term);
  throw new PythonError(`Object of type ${typeName(term)} is not JSON serializable`);
}

function entriesOf(dict: ReadonlyMap<Term, Term>, { sort = false }: JsonStyle): (readonly [Term, Term])[] {
  const entries = [...dict];
  return sort ? entries.sort(([a], [b]) => compareText(keyText(a), keyText(b))) : entries;
}

function bracketed(
  open: string,
  close: string,
  newline: string,
  { indent, separators }: JsonStyle,
  parts: (inner: string) => readonly string[],
): string {
  if (indent === undefined) {
    return open + parts(newline).join(separators?.[0] ?? ', ') + close;
  }
  const inner = newline + (typeof indent === 'string' ? indent : ' '.repeat(indent));
  const items = parts(inner);
  if (items.length === 0) return open + close;
  return open + inner + items.join((separators?.[0] ?? ',') + inner) + newline + close;
}

function floatJson(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity';
}

function textJson(text: string, { ascii = true }: JsonStyle): string {
  const json = JSON.stringify(text);
  if (!ascii) return json;
  return json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function keyText(key: Term): string {
  if (typeof key === 'string') return key;
  if (key === null || typeof key === 'boolean') return String(key);
  return isFloat(key) ? floatJson(toNumber(key)) : str(key);
}

/** Python's `json.loads`: floats stay floats, large integers keep their digits. Throws a SyntaxError. */
export function readJson(text: string): Value {
  return fromJson(JSON.parse(tagged(text)));
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
/** What no JSON text holds by itself, before what JSON.parse would change. */
const NUMBER_TAG = '\u0000number:';
const KEY_TAG = '\u0000key:';

/** Tags floats and long integers, because JSON.parse cannot tell 1.0 from 1, and keys of digits, because it reorders them. */
function tagged(text: string): string {
  if (!/\d[.eE]|\d{16}|"\d+"\s*:/.test(text)) return text;
  return text.replace(TOKEN, (token, quoted?: string, colon?: string) => {
    if (quoted !== undefined) return colon && /^"\d/.test(quoted) ? `"${ESCAPED_KEY_TAG}${token.slice(1)}` : token;
    return /^-?\d{1,15}$/.test(token) ? token : JSON.stringify(NUMBER_TAG + token);
  });
}

const ESCAPED_KEY_TAG = JSON.stringify(KEY_TAG).slice(1, -1);
const untagged = (key: string): string => (key.startsWith(KEY_TAG) ? key.slice(KEY_TAG.length) : key);

function fromJson(plain: unknown): Value {
  if (Array.isArray(plain)) return plain.map(fromJson);
  if (typeof plain === 'string') {
    return plain.startsWith(NUMBER_TAG) ? numberFrom(plain.slice(NUMBER_TAG.length)) : plain;
  }
  if (typeof plain === 'object' && plain !== null) {
    return new Map(Object.entries(plain).map(([key, item]) => [untagged(key), fromJson(item)]));
  }
  return typeof plain === 'number' || typeof plain === 'boolean' ? plain : null;
}

function numberFrom(text: string): Value {
  return /^-?\d+$/.test(text) ? toInt(BigInt(text)) : toFloat(Number(text));
}
