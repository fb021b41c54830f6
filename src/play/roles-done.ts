/** Roles that have run: one that is used again with the same parameters need not run again. */

import type { Block } from '../playbook/types.ts';
import { toPlain } from '../value/value.ts';
import { cached } from './cached.ts';
import type { HostState } from './host-state.ts';
import type { Lineage } from './lineage.ts';
import type { PlayState } from './play-state.ts';

const roles = new WeakMap<PlayState, Map<string, Set<HostState>>>();

/** For the body of a role: the hosts that it need not run for. Undefined where it may run again. */
export function rolesDone(play: PlayState, block: Block, lineage: Lineage): Set<HostState> | undefined {
  const key = keyOf(block, lineage);
  return key === undefined ? undefined : cached(seenIn(play), key, () => new Set<HostState>());
}

/**
 * The same before its turn has come: what stands for a role that need not run again, and whether it is used for the
 * second time, so that only then it is known which hosts need it.
 */
export function runsOnce(play: PlayState, block: Block, lineage: Lineage): { role?: string; unknown: boolean } {
  const key = keyOf(block, lineage);
  return key === undefined ? { unknown: false } : { role: key, unknown: seenIn(play).has(key) };
}

function seenIn(play: PlayState): Map<string, Set<HostState>> {
  return cached(roles, play, () => new Map<string, Set<HostState>>());
}

function keyOf({ role, keywords }: Block, lineage: Lineage): string | undefined {
  if (!role || role.allowDuplicates || lineage.parent?.role === role) return undefined;
  const given = [role.params, role.given ?? null, keywords.get('when') ?? null, keywords.get('tags') ?? null];
  return JSON.stringify([role.path, ...given.map(toPlain)]);
}
