/** Tasks that a bake leaves for the first boot, kept as the play comes by them. */

import type { Task } from '../../playbook/types.ts';
import type { HostState } from '../host-state.ts';
import type { Lineage } from '../lineage.ts';
import type { RunOptions } from '../options.ts';
import type { PlayState } from '../play-state.ts';
import { isSelected } from '../tags.ts';
import { FIRST_BOOT } from './boot-plan.ts';

export interface Later {
  readonly play: PlayState;
  readonly task: Task;
  readonly parents: Lineage;
}

/** Whether tags leave a task out of this run only because it is for the first boot. */
export function isForFirstBoot(
  tags: ReadonlySet<string>,
  { mode, build, tags: only, skipTags }: Pick<RunOptions, 'mode' | 'build' | 'tags' | 'skipTags'>,
): boolean {
  if (mode !== 'bake' || !build || !skipTags.includes(FIRST_BOOT) || !tags.has(FIRST_BOOT)) return false;
  return isSelected(
    tags,
    only,
    skipTags.filter((tag) => tag !== FIRST_BOOT),
  );
}

export function keepForFirstBoot(later: Later, tags: ReadonlySet<string>, hosts: readonly HostState[]): void {
  const { options, firstBoot } = later.play.world;
  if (!isForFirstBoot(tags, options)) return;
  if (hosts.some((host) => host.active && host.name === options.build?.name)) firstBoot.push(later);
}
