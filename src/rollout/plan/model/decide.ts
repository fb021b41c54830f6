/** What must happen to a slot. */

import type { Action } from '../plan.ts';
import { isServed, type Member, membersOf, type Slot } from './slot.ts';

export interface Work {
  readonly action: Action;
  /**
   * `settle`: before its instance is replaced, others that are left over go. `finish`: the current instance is right, and
   * not in service yet. Undefined: nothing is to be done.
   */
  readonly kind: 'settle' | 'create' | 'replace' | 'restore' | 'finish' | 'update' | 'clean' | 'delete' | undefined;
  /** For `settle` and `restore`: which of the deposed ones becomes current. */
  readonly restored: number | undefined;
  /** Whether the slot serves now. */
  readonly served: boolean;
  /** Whether it cannot serve for a while, whatever the order. */
  readonly loses: boolean;
}

/** One that fits and is ill is left alone: what ails it is told, and no plan mends it. */
export function decide(slot: Slot): Work {
  const { wanted, current, deposed, gone, moves } = slot;
  const served = isServed(slot);
  const work = (action: Action, kind: Work['kind'], restored?: number, loses = false): Work => ({
    ...{ action, kind, restored, served },
    loses: loses && served,
  });
  const there = membersOf(slot);
  if (!wanted) return there.length > 0 || gone ? work('delete', 'delete') : work('no-op', undefined);
  if (current !== undefined && current.fit !== 'other' && current.runs) {
    const bare = moves && !current.holds;
    if (bare || (!current.serves && !current.ill)) return work('update', 'finish', undefined, bare && !current.serves);
    if (current.fit === 'update') return work('update', 'update');
    return deposed.length > 0 || gone ? work('clean', 'clean') : work('no-op', undefined);
  }
  const back = deposed.findLastIndex(({ fit }) => fit === 'fits');
  if (back >= 0) return work('restore', 'restore', back, moves && !deposed[back]!.holds);
  if (there.length === 0) return work('create', 'create');
  if (there.length > 1) return work('replace', 'settle', keptOf(slot));
  return work('replace', 'replace', undefined, moves);
}

/** The one that serves stays until its successor does; undefined: it is the current one. */
function keptOf({ current, deposed }: Slot): number | undefined {
  if (current?.serves) return undefined;
  const serving = deposed.findLastIndex((one: Member) => one.serves);
  if (serving >= 0) return serving;
  return current === undefined ? deposed.length - 1 : undefined;
}
