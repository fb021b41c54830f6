/** Python's regular expressions as JavaScript's. */

import { PythonError } from './python-error.ts';

export interface RegexFlags {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  /** `g` finds all, `y` matches where `lastIndex` stands. */
  readonly mode?: 'g' | 'y' | '';
}

const known = new Map<string, RegExp>();
const MOST = 2000;

/** Throws a PythonError for a pattern that is wrong. The result is shared: its `lastIndex` is 0. */
export function pyRegex(
  pattern: string,
  { ignoreCase = false, multiline = false, mode = '' }: RegexFlags = {},
): RegExp {
  const flags = `${mode}${ignoreCase ? 'i' : ''}${multiline ? 'm' : ''}`;
  const key = `${flags}/${pattern}`;
  const regex = known.get(key) ?? translate(pattern, flags);
  if (known.size >= MOST) known.clear();
  known.set(key, regex);
  regex.lastIndex = 0;
  return regex;
}

function translate(pattern: string, flags: string): RegExp {
  // Python's \w knows the letters of all scripts, which JavaScript's does not, and its mode that does is stricter.
  const letters = /\\[wW]/.test(pattern) && attempt(pattern, flags, true);
  if (letters instanceof RegExp) return letters;
  const regex = attempt(pattern, flags, false);
  if (regex instanceof RegExp) return regex;
  throw new PythonError(`bad regular expression ${JSON.stringify(pattern)}: ${regex}`);
}

/** The regular expression, or what is wrong with it. */
function attempt(pattern: string, flags: string, letters: boolean): RegExp | string {
  const translation = new Translation(pattern, flags, letters);
  const source = translation.source();
  const unicode = letters || /[\u{10000}-\u{10ffff}]|\\u\{/u.test(pattern);
  try {
    return new RegExp(source, translation.flags + (unicode ? 'u' : ''));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What a Python pattern writes in another way, by what it begins with. */
const SPECIAL: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [/\(\?P<(\w+)>/y, ([, name]) => `(?<${name}>`],
  [/\(\?P=(\w+)\)/y, ([, name]) => `\\k<${name}>`],
  [/\(\?#[^)]*\)/y, () => ''],
  // Possessive quantifiers and atomic groups have no like; Python before 3.11 has none either.
  [/\\A/y, () => '(?<![\\s\\S])'],
  [/\\Z/y, () => '(?![\\s\\S])'],
  [/\\a/y, () => '\\x07'],
  [/\\([_"'<>#%&,:;=@`~! -])/y, ([, char]) => char ?? ''],
  [/\\[\s\S]/y, ([all]) => all],
  [/\{(?:\d+(?:,\d*)?|,\d+)\}/y, ([all]) => all.replace('{,', '{0,')],
  [/[{}]/y, ([all]) => `\\${all}`],
];

const LETTERS = '\\p{L}\\p{N}_';

const FLAGS = /\(\?([aiLmsux]+)\)/y;

class Translation {
  readonly #pattern: string;
  #at = 0;
  #verbose = false;
  readonly #letters: boolean;
  flags: string;

  /** `letters`: `\\w` means the letters of all scripts, in JavaScript's Unicode mode. */
  constructor(pattern: string, flags: string, letters: boolean) {
    this.#pattern = pattern;
    this.flags = flags;
    this.#letters = letters;
  }

  source(): string {
    let out = '';
    while (this.#at < this.#pattern.length) out += this.#next();
    return out;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#pattern);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #next(): string {
    const char = this.#pattern[this.#at]!;
    if (char === '[') return this.#class();
    if (char === '\\' && this.#at === this.#pattern.length - 1) throw new PythonError('bad escape (end of pattern)');
    const word = this.#letters ? this.#take(/\\[wW]/y) : null;
    if (word) return word[0] === '\\w' ? `[${LETTERS}]` : `[^${LETTERS}]`;
    const flags = this.#take(FLAGS);
    if (flags) return this.#setFlags(flags[1] ?? '');
    for (const [pattern, write] of SPECIAL) {
      const found = this.#take(pattern);
      if (found) return write(found);
    }
    if (this.#verbose && this.#take(/\s+|#[^\n]*/y)) return '';
    this.#at++;
    // Python's $ also matches before a newline at the very end.
    return char === '$' && !this.flags.includes('m') ? '(?=\\n?(?![\\s\\S]))' : char;
  }

  #setFlags(letters: string): string {
    for (const letter of letters) {
      if ('ims'.includes(letter) && !this.flags.includes(letter)) this.flags += letter;
      if (letter === 'x') this.#verbose = true;
    }
    return '';
  }

  /** `[…]`: a `]` that comes first is meant itself, and `[` needs no escape. */
  #class(): string {
    const start = this.#at;
    const found = this.#take(/\[(\^?)(\]?(?:\\[\s\S]|[^\]\\])*)\]/y);
    if (!found) throw new PythonError(`unterminated character set at position ${start}`);
    const [, negated, inside = ''] = found;
    const escaped = inside.replace(/\\([_"'<>#%&,:;=@`~! ])|\\[\s\S]|[[\]]/g, (all, plain?: string) => {
      if (plain !== undefined) return plain;
      if (this.#letters && all === '\\w') return LETTERS;
      return all.startsWith('\\') ? all : `\\${all}`;
    });
    return `[${negated}${escaped}]`;
  }
}

const REFERENCE = /\\(?:g<(\w+)>|([1-9]\d?)|0|([\s\S]))/g;
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  a: '\x07',
  f: '\f',
  v: '\v',
};

/** A replacement with its references `\1`, `\g<1>`, `\g<name>` filled in. */
export function expandReplacement(replacement: string, match: RegExpExecArray | RegExpMatchArray): string {
  return replacement.replace(REFERENCE, (all, group?: string, digits?: string, char?: string) => {
    const reference = group ?? digits;
    if (reference !== undefined) return groupOf(match, reference);
    if (char === undefined) return '\0';
    const meant = ESCAPES[char];
    if (meant === undefined && /[A-Za-z]/.test(char)) throw new PythonError(`bad escape \\${char}`);
    return meant ?? all;
  });
}

/** A group by number or name; one that took no part is empty. */
function groupOf(match: RegExpMatchArray, reference: string): string {
  if (/^\d+$/.test(reference)) {
    if (Number(reference) >= match.length) throw new PythonError(`invalid group reference ${reference}`);
    return match[Number(reference)] ?? '';
  }
  const groups = match.groups ?? {};
  if (!Object.hasOwn(groups, reference)) throw new PythonError(`unknown group name '${reference}'`);
  return groups[reference] ?? '';
}
