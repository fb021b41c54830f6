/** Tests of text. */

import { pyRegex } from '../../value/py-regex.ts';
import { PythonError } from '../../value/python-error.ts';
import { str } from '../../value/text.ts';
import type { Arguments } from '../arguments.ts';
import { type Tests, test } from '../language.ts';
import { isLower, isUpper } from '../methods/text.ts';

type MatchType = 'match' | 'search' | 'fullmatch';

function matches(text: string, args: Arguments, type: MatchType): boolean {
  const pattern = pyRegex(args.text('pattern'), {
    ignoreCase: args.flag('ignorecase'),
    multiline: args.flag('multiline'),
    mode: type === 'search' ? '' : 'y',
  });
  const found = pattern.exec(text);
  return found !== null && (type !== 'fullmatch' || found[0].length === text.length);
}

function matchType(args: Arguments): MatchType {
  const type = args.text('match_type', 'search');
  if (type === 'match' || type === 'search' || type === 'fullmatch') return type;
  throw new PythonError(`Invalid match_type (${type}): it must be match, search or fullmatch`);
}

/** Whether the scheme is one of those asked for. */
function schemeIs(text: string, args: Arguments): boolean {
  const schemes = args.get('schemes') ?? null;
  if (!Array.isArray(schemes)) return true;
  return schemes.some((scheme) => text.startsWith(`${str(scheme)}:`));
}

export const TEXT_TESTS: Tests = {
  upper: test('', (value) => isUpper(str(value))),
  lower: test('', (value) => isLower(str(value))),
  match: test('pattern ignorecase multiline', (value, args) => matches(str(value), args, 'match')),
  search: test('pattern ignorecase multiline', (value, args) => matches(str(value), args, 'search')),
  regex: test('pattern ignorecase multiline match_type', (value, args) => matches(str(value), args, matchType(args))),
  // Ansible's looks at nothing but the schemes.
  uri: test('schemes', (value, args) => schemeIs(str(value), args)),
  url: test('schemes', (value, args) => /^[a-zA-Z][\w+.-]*:\/\/[^/\s]/.test(str(value)) && schemeIs(str(value), args)),
  urn: test('', (value) => /^urn:[^\s]+/.test(str(value))),
  vault_encrypted: test('', (value) => str(value).startsWith('$ANSIBLE_VAULT;')),
};
