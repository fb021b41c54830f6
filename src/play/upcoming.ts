/** The tasks that come after one, as far as the playbook alone tells. */

import type { Entry, Task } from '../playbook/types.ts';
import { descend, type Lineage } from './lineage.ts';
import type { PlayState } from './play-state.ts';
import { runsOnce } from './roles-done.ts';
import { isSelected, tagsOf } from './tags.ts';

/** What is left of a list of entries, and then of those around it. */
export interface Rest {
  readonly entries: readonly Entry[];
  readonly next: number;
  readonly parents: Lineage;
  /** Undefined where it is not known before all of this is done. */
  readonly after: Rest | undefined;
}

export interface Upcoming {
  readonly task: Task;
  /** Of the task itself. */
  readonly lineage: Lineage;
}

/** Ends where it takes a decision to know what comes next. */
export function* upcoming(play: PlayState, rest: Rest): Iterable<Upcoming> {
  const roles = new Set<string>();
  for (let at: Rest | undefined = rest; at; at = at.after) {
    for (const entry of at.entries.slice(at.next)) {
      if (!(yield* within(play, entry, at.parents, roles))) return;
    }
  }
}

/** False where nothing after it can be known. */
function* within(
  play: PlayState,
  entry: Entry,
  parents: Lineage,
  roles: Set<string>,
): Generator<Upcoming, boolean, undefined> {
  const lineage = descend(parents, entry);
  if (entry.kind === 'task') {
    const { tags, skipTags } = play.world.options;
    const own = [...tagsOf(lineage)];
    if (own.some((tag) => tag.includes('{'))) return false;
    if (isSelected(new Set(own), tags, skipTags)) yield { task: entry, lineage };
    return true;
  }
  const { role, unknown } = runsOnce(play, entry, lineage);
  if (unknown || (role !== undefined && roles.has(role))) return false;
  if (role !== undefined) roles.add(role);
  const inside = entry.rescue.length > 0 ? { ...lineage, rescued: true } : lineage;
  for (const one of entry.block) if (!(yield* within(play, one, inside, roles))) return false;
  return entry.rescue.length === 0 && entry.always.length === 0;
}
