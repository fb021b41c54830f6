import { tupleOf } from '../../value/arithmetic.ts';
import { expandReplacement, pyRegex } from '../../value/py-regex.ts';
import { PythonError } from '../../value/python-error.ts';
import type { Term } from '../../value/term.ts';
import { str } from '../../value/text.ts';
import { truthy } from '../../value/truth.ts';
import { type Filters, filter } from '../language.ts';

export const REGEX_FILTERS: Filters = {
  regex_replace: filter('pattern replacement ignorecase multiline count mandatory_count', (value, args) => {
    const pattern = pyRegex(args.text('pattern', ''), {
      ignoreCase: args.flag('ignorecase'),
      multiline: args.flag('multiline'),
      mode: 'g',
    });
    const text = str(value);
    const most = args.number('count', 0);
    const found = [...text.matchAll(pattern)].slice(0, most > 0 ? most : undefined);
    const wanted = args.number('mandatory_count', 0);
    if (wanted > 0 && found.length !== wanted) {
      throw new PythonError(`${wanted} replacements were asked for, ${found.length} were made`);
    }
    return replaceMatches(text, found, args.text('replacement', ''));
  }),
  regex_search: filter('regex * **', (value, args) => {
    const named = args.others;
    const pattern = pyRegex(args.text('regex'), {
      ignoreCase: truthy(named.get('ignorecase') ?? false),
      multiline: truthy(named.get('multiline') ?? false),
    });
    const groups = args.rest.map(groupReference);
    const match = pattern.exec(str(value));
    if (!match) return null;
    return groups.length === 0 ? match[0] : groups.map((group) => groupValue(match, group));
  }),
  regex_findall: filter('regex multiline ignorecase', (value, args) => {
    const pattern = pyRegex(args.text('regex'), {
      ignoreCase: args.flag('ignorecase'),
      multiline: args.flag('multiline'),
      mode: 'g',
    });
    return Array.from(str(value).matchAll(pattern), ([all, ...groups]): Term => {
      if (groups.length === 0) return all;
      return groups.length === 1 ? (groups[0] ?? '') : tupleOf(groups.map((group) => group ?? ''));
    });
  }),
  regex_escape: filter('re_type', (value, args) => {
    const type = args.text('re_type', 'python');
    if (type === 'python') return str(value).replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&');
    if (type === 'posix_basic') return str(value).replace(/[\][.^$*\\]/g, '\\$&');
    throw new PythonError(`Invalid regex type (${type})`);
  }),
};

function replaceMatches(text: string, found: readonly RegExpExecArray[], replacement: string): string {
  let out = '';
  let end = 0;
  for (const match of found) {
    out += text.slice(end, match.index) + expandReplacement(replacement, match);
    end = match.index + match[0].length;
  }
  return out + text.slice(end);
}

function groupReference(argument: Term): string {
  const [, name, number] = /^(?:\\g<(\S+)>|\\(\d+))$/.exec(str(argument)) ?? [];
  const reference = name ?? number;
  if (reference === undefined) throw new PythonError('Unknown argument: a group is given as \\1 or \\g<name>');
  return reference;
}

function groupValue(match: RegExpExecArray, reference: string): Term {
  if (/^\d+$/.test(reference)) return match[Number(reference)] ?? null;
  const groups = match.groups ?? {};
  return Object.hasOwn(groups, reference) ? (groups[reference] ?? null) : null;
}
