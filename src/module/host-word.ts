import { Sh, sh } from '../shell/sh.ts';

/**
 * Text as one shell word in which `~`, `~user`, `$NAME` and `${NAME}` become what the host has.
 * What is not set stays as it is written, as in Python's `expandvars` and `expanduser`.
 */
export function hostWord(path: string): Sh {
  const home = /^~[\w.-]*(?=\/|$)/.exec(path)?.[0] ?? '';
  const parts = path.slice(home.length).split(/(\$\w+|\$\{\w+\})/);
  const rest = parts.map((part, index) => (index % 2 === 1 ? variable(part) : part === '' ? '' : sh`${part}`.text));
  return new Sh(home + rest.join(''));
}

function variable(part: string): string {
  const name = part.replace(/^\$\{?|\}$/g, '');
  return /^[A-Za-z_]/.test(name) ? `"\${${name}-\\${part.replace('}', '\\}')}}"` : sh`${part}`.text;
}
