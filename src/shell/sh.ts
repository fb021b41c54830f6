/** A fragment of POSIX shell. Only `sh` makes one, so a bare string never reaches a host unquoted. */

import { Fault } from '../fault.ts';

export class Sh {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Word = string | number | Sh | readonly (string | number)[];

/**
 * Writes shell with every `${value}` quoted as one word, every `${[…]}` as one word each, and every `${Sh}` as it is.
 * Throws TypeError for a value inside quotes (it would be quoted twice) and a Fault for a NUL, which no shell can hold.
 */
export function sh(text: TemplateStringsArray, ...values: readonly Word[]): Sh {
  const quotes: string[] = [];
  let out = '';
  text.raw.forEach((part, index) => {
    followQuotes(part, quotes);
    out += part;
    if (index >= values.length) return;
    const word = values[index]!;
    if (!(word instanceof Sh) && /['"]/.test(quotes.at(-1) ?? '')) {
      throw new TypeError(`sh: a value inside quotes would be quoted twice: ${out}\${…}`);
    }
    out += write(word);
  });
  return new Sh(out);
}

/** Joins fragments with a separator such as `' && '`. */
export function join(fragments: readonly Sh[], separator: string): Sh {
  return new Sh(fragments.map((fragment) => fragment.text).join(separator));
}

/** A piece of shell that is the same on every call: a file of functions, written once. */
export function script(text: string): Sh {
  return new Sh(text);
}

/** One word for a POSIX shell, in single quotes where it needs them. */
export function quote(word: string): string {
  if (word.includes('\0')) {
    throw new Fault('shell-invalid', 'a value holds a NUL byte, which no shell command can hold', {
      hint: 'hand binary data over as a file (copy: src=…)',
    });
  }
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function write(word: Word): string {
  if (word instanceof Sh) return word.text;
  if (typeof word === 'object') return word.map((one) => quote(String(one))).join(' ');
  return quote(String(word));
}

/** Keeps `quotes` as the stack of open `'`, `"` and `$(` after `part`. */
function followQuotes(part: string, quotes: string[]): void {
  for (const [token] of part.matchAll(/\\.|'|"|\$\(|\(|\)/gs)) {
    const top = quotes.at(-1);
    if (top === "'") {
      if (token === "'") quotes.pop();
    } else if (token === '"' && top === '"') quotes.pop();
    else if (token === '$(' || token === '"' || (token === "'" && top !== '"')) quotes.push(token);
    else if (token === '(' && top !== '"') quotes.push(token);
    else if (token === ')' && (top === '$(' || top === '(')) quotes.pop();
  }
}
