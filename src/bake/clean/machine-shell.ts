/** What the programs that clean a machine and look at its disk share: its root, and records instead of lines. */

import { join, type Sh, script, sh } from '../../shell/sh.ts';
import { patternWord } from './path-pattern.ts';

/** A path may hold anything but a NUL: records are `WORD TAB PATH NUL`. */
export function records(text: string): readonly { readonly word: string; readonly path: string }[] {
  const lines = text.split('\0').filter((line) => line !== '');
  return lines.map((line) => {
    const tab = line.indexOf('\t');
    return { word: line.slice(0, tab), path: line.slice(tab + 1) };
  });
}

/**
 * `$R`: the root without its last slash, so that paths are `$R/etc/…`. `im_tell WORD PATH` writes a record, with the
 * path as the machine itself would name it. Logins over SSH often have no sbin directories in PATH.
 */
export function machineShell(root: string): Sh {
  return sh`R=${root.replace(/\/+$/, '')} PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
${TELL}`;
}

const TELL = script(`im_tell() { printf '%s\\t%s\\0' "$1" "\${2#"$R"}"; }`);

/** A test whether a path (`$1`, as the machine names it) is one of these patterns, or below one. */
export function pathTest(name: string, patterns: readonly string[]): Sh {
  const words = patterns.flatMap((pattern) => [patternWord(pattern), sh`${patternWord(pattern)}/*`]);
  const body = words.length > 0 ? sh`case $1 in ${join(words, '|')}) return 0;; esac; return 1` : sh`return 1`;
  return sh`${script(name)}() { ${body}; }`;
}
