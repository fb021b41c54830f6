/** Words `key=value` of an argument text, read as Ansible does it (its parse_kv). */

import { Fault } from '../fault.ts';

/**
 * Undefined for a word that is no `key=value`. Backslash escapes are decoded, quotes around the whole value vanish.
 * Throws a Fault for an escape that is no character.
 */
export function keyValue(word: string): readonly [key: string, value: string] | undefined {
  const decoded = decodeEscapes(word);
  const equals = separator(decoded);
  return equals === undefined
    ? undefined
    : [decoded.slice(0, equals).trim(), unquote(decoded.slice(equals + 1).trim())];
}

/** A word that is no `key=value`: with every `=` of it escaped, it stands for the text without the backslashes. */
export function bareWord(word: string): string {
  const decoded = decodeEscapes(word);
  return decoded.includes('=') ? decoded.replaceAll('\\=', '=') : word;
}

/** The first `=` that is neither the first character nor escaped. */
function separator(word: string): number | undefined {
  for (let at = word.indexOf('=', 1); at > 0; at = word.indexOf('=', at + 1)) if (word[at - 1] !== '\\') return at;
  return undefined;
}

function unquote(text: string): string {
  const first = text[0];
  const quoted = text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) && text.at(-2) !== '\\';
  return quoted ? text.slice(1, -1) : text;
}

const ESCAPE = /\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\\'"abfnrtv]))/g;
const LETTERS: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function decodeEscapes(text: string): string {
  return text.replace(ESCAPE, (_, long?: string, short?: string, byte?: string, letter?: string) => {
    const digits = long ?? short ?? byte;
    if (digits === undefined) return LETTERS[letter ?? ''] ?? letter ?? '';
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff) throw new Fault('value-invalid', `\\U${digits} is no character`);
    return String.fromCodePoint(code);
  });
}
