/** What `--list-hosts`, `--list-tasks` and `--list-tags` show. */

import type { Entry, Play, Playbook } from '../playbook/types.ts';
import { isList } from '../value/value.ts';
import { descend, type Lineage } from './lineage.ts';
import type { ListedPlay, ListedTask } from './options.ts';
import { hostsOfPlay, playTitle } from './run-play.ts';
import { isSelected, tagsOf } from './tags.ts';
import type { World } from './world.ts';

export function listPlays(world: World, playbook: Playbook): readonly ListedPlay[] {
  return playbook.plays.map((play) => listPlay(world, play));
}

/** Hosts are worked out when they are asked for: only `--list-hosts` needs them. */
function listPlay(world: World, play: Play): ListedPlay {
  const lineage = descend(undefined, { keywords: play.keywords, vars: new Map() });
  return {
    name: playTitle(play),
    pattern: isList(play.hosts) ? `[${play.hosts.map((one) => `'${String(one)}'`).join(', ')}]` : String(play.hosts),
    get hosts() {
      return hostsOfPlay(world, play, lineage);
    },
    tags: [...tagsOf(lineage)].sort(),
    get tasks() {
      return play.sections.flatMap((section) => listEntries(world, section.entries, lineage));
    },
  };
}

/** As Ansible lists them: what stands in rescue and always is not shown. */
function listEntries(world: World, entries: readonly Entry[], parents: Lineage): readonly ListedTask[] {
  return entries.flatMap((entry): readonly ListedTask[] => {
    const lineage = descend(parents, entry);
    if (entry.kind === 'block') return listEntries(world, entry.block, lineage);
    const tags = tagsOf(lineage);
    if (!isSelected(tags, world.options.tags, world.options.skipTags)) return [];
    const role =
      lineage.role && entry.name !== undefined && entry.action !== 'include_role' ? `${lineage.role.name} : ` : '';
    return [{ name: `${role}${entry.name ?? entry.written ?? entry.action}`, tags: [...tags].sort() }];
  });
}
