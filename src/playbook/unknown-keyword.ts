/** A keyword that its level does not have: what it is, and what it may have been meant to be. */

import type { Findings } from '../fault.ts';
import { near } from '../value/near.ts';
import { whereOf } from '../value/source.ts';
import type { Dict, Value } from '../value/value.ts';
import { REMOVED } from './keywords.ts';

/**
 * @param owner Ansible's word for what has the keyword: Play, Block, Task …
 * @param candidates the keywords that it has.
 */
export function unknownKeyword(
  map: Dict,
  key: Value,
  owner: string,
  candidates: Iterable<string>,
  findings: Findings,
): void {
  const name = String(key);
  const where = whereOf(map, key, 'key');
  const replacement = REMOVED.get(name);
  if (replacement !== undefined) {
    findings.fault('keyword-unknown', `'${name}' is no longer a keyword`, { where, hint: `use ${replacement}` });
    return;
  }
  findings.fault('keyword-unknown', `'${name}' is not a valid attribute for a ${owner}`, {
    where,
    hint: didYouMean(near(name, candidates)),
  });
}

/** The hint for names that are near a misspelt one; undefined when there are none. */
export function didYouMean(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `did you mean ${names.map((name) => `"${name}"`).join(' or ')}?`;
}
