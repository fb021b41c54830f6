/** Names by one word of a host pattern: `web1`, `web*`, `web[12]`, `~web\d+`. */

import { Fault } from '../fault.ts';
import { pyRegex } from '../value/py-regex.ts';
import { PythonError } from '../value/python-error.ts';

/** Throws a Fault when the pattern is no regular expression. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  if (!/^~|[*?[]/.test(pattern)) return (name) => name === pattern;
  try {
    const regex = pattern.startsWith('~') ? pyRegex(pattern.slice(1), { mode: 'y' }) : glob(pattern);
    return (name) => {
      regex.lastIndex = 0;
      return regex.test(name);
    };
  } catch (cause) {
    if (!(cause instanceof PythonError) && !(cause instanceof SyntaxError)) throw cause;
    throw new Fault('pattern-invalid', `Invalid host list pattern: ${pattern}`, { hint: cause.message, cause });
  }
}

/** Python's fnmatch: `*`, `?`, `[abc]`, `[!abc]`; a `[` that is never closed stands for itself. */
function glob(pattern: string): RegExp {
  const source = pattern.replace(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (part, not?: string, members?: string) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (members === undefined) return part.replace(/[.+^${}()|[\]\\/]/, '\\$&');
    return `[${not ? '^' : ''}${members.replace(/[\\^[\]]/g, '\\$&')}]`;
  });
  return new RegExp(`^${source}$`, 's');
}
