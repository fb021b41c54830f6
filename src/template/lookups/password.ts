import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PythonError } from '../../value/python-error.ts';
import { str } from '../../value/text.ts';
import { isList, type Value } from '../../value/value.ts';
import { hashPassword, newSalt } from '../crypt/password-hash.ts';
import { PythonRandom } from '../crypt/python-random.ts';
import { crypto } from '../on-demand.ts';
import { exists } from '../search-path.ts';
import { type Lookup, parseSettings } from './lookup.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
/** Python's `string.…`, which settings may name. */
const SETS: ReadonlyMap<string, string> = new Map([
  ['ascii_lowercase', LOWER],
  ['ascii_uppercase', LOWER.toUpperCase()],
  ['ascii_letters', LOWER + LOWER.toUpperCase()],
  ['digits', DIGITS],
  ['hexdigits', `${DIGITS}abcdefABCDEF`],
  ['octdigits', '01234567'],
  ['punctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
]);

/**
 * A password kept in a file of this machine, made when the file does not exist: `path length=20 chars=digits,ab
 * encrypt=sha512_crypt seed=x`. `/dev/null` keeps nothing. The file holds the password itself, and its salt.
 */
export const password: Lookup = (terms, options, { templar }) =>
  terms.map((term) => {
    const { words, settings } = parseSettings(str(term));
    const setting = (name: string): Value => settings.get(name) ?? options.get(name) ?? null;
    const path = resolve(templar.searchPath.first ?? '.', words);
    const encrypt = setting('encrypt');
    const kept = readKept(path);
    const text = kept?.password ?? generate(setting);
    const salt = encrypt === null ? kept?.salt : (kept?.salt ?? newSalt(16));
    if (!kept || (salt !== undefined && kept.salt === undefined)) keep(path, text, salt);
    if (encrypt === null) return text;
    return hashPassword(text, { type: str(encrypt), salt });
  });

interface Kept {
  readonly password: string;
  readonly salt: string | undefined;
}

function readKept(path: string): Kept | undefined {
  if (path === '/dev/null' || !exists(path)) return undefined;
  const content = contentOf(path).trimEnd();
  const cut = content.lastIndexOf(' salt=');
  if (cut < 0) return { password: content, salt: undefined };
  const [salt] = content.slice(cut + ' salt='.length).split(' ident=');
  return { password: content.slice(0, cut), salt };
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new PythonError(`cannot read the password in ${path}: ${error instanceof Error ? error.message : error}`);
  }
}

function keep(path: string, text: string, salt: string | undefined): void {
  if (path === '/dev/null') return;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${text}${salt === undefined ? '' : ` salt=${salt}`}\n`, { mode: 0o600 });
    chmodSync(path, 0o600);
  } catch (error) {
    throw new PythonError(`cannot keep a password in ${path}: ${error instanceof Error ? error.message : error}`);
  }
}

function generate(setting: (name: string) => Value): string {
  const length = Number(setting('length') ?? 20);
  if (!Number.isInteger(length) || length < 1) throw new PythonError('the length of a password must be a whole number');
  const candidates = [...candidatesOf(setting('chars'))];
  if (candidates.length === 0) throw new PythonError('a password needs characters to choose from');
  const seed = setting('seed');
  const random = seed === null ? undefined : new PythonRandom(str(seed));
  const below = (limit: number): number => (random ? random.below(limit) : crypto().randomInt(limit));
  return Array.from({ length }, () => candidates[below(candidates.length)]).join('');
}

/** The characters that a setting names: sets of Python's `string`, or characters themselves, with commas between. */
function candidatesOf(chars: Value): string {
  if (chars === null) return `${SETS.get('ascii_letters')}${DIGITS}.,:-_`;
  const parts = isList(chars) ? chars.map(str) : splitCommas(str(chars));
  return parts
    .map((part) => SETS.get(part) ?? part)
    .join('')
    .replace(/['"]/g, '');
}

/** `,,` is a comma itself. */
function splitCommas(text: string): readonly string[] {
  const comma = text.includes(',,') ? [','] : [];
  return [
    ...comma,
    ...text
      .replaceAll(',,', ',')
      .split(',')
      .filter((part) => part !== ''),
  ];
}
