/** Paths of a machine as a config names them: absolute, `*` `?` `[…]` stand for any characters, a slash too. */

import { Fault } from '../../fault.ts';
import { Sh } from '../../shell/sh.ts';
import { globPattern } from '../../template/lookups/files.ts';

/** Throws `config-invalid` for what is no such path. `/` itself is none: it would mean everything. */
export function checkPathPattern(pattern: string, setting: string): string {
  const tidy = pattern.replace(/\/+$/, '');
  const wrong =
    !tidy.startsWith('/') || /[\n\0]/.test(tidy) || tidy.split('/').includes('..') || /^\/[*/]*$/.test(tidy);
  if (!wrong) return tidy;
  throw new Fault('config-invalid', `${setting}: "${pattern}" is no path on a machine`, {
    hint: 'write an absolute path without "..", such as /var/cache/app or /etc/ssl/private/*.key',
  });
}

/** The pattern as a word for `case` and for the shell's own expansion: only `*`, `?` and `[…]` are special in it. */
export function patternWord(pattern: string): Sh {
  const pieces = pattern.split(/(\*|\?|\[!?[^\]/]+\])/);
  return new Sh(pieces.map((piece, index) => (index % 2 === 1 ? setWord(piece) : escaped(piece))).join(''));
}

const escaped = (text: string): string => text.replace(/[^\w/.,@%+:=-]/g, '\\$&');

/** Inside `[…]` a blank would end the word. */
const setWord = (piece: string): string => (piece.length === 1 ? piece : piece.replace(/[^\w[\]!-]/g, '\\$&'));

/** Whether a path is what a pattern names, or is below it. */
export function matchesPath(pattern: string, path: string): boolean {
  return globPattern(pattern).test(path) || globPattern(`${pattern}/*`).test(path);
}
