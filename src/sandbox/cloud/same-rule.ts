import type { RuleTerms } from './permissions.ts';

/** Whether two rules let the same pass; descriptions do not matter. */
export function sameRule(one: RuleTerms, other: RuleTerms): boolean {
  return (
    one.protocol === other.protocol &&
    one.from === other.from &&
    one.to === other.to &&
    one.peer.ipv4 === other.peer.ipv4 &&
    one.peer.ipv6 === other.peer.ipv6 &&
    one.peer.groupId === other.peer.groupId
  );
}
