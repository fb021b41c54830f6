/** The build machine of a bake, in the place of the hosts that plays name. */

import { Fault } from '../fault.ts';
import type { Dict } from '../value/value.ts';
import type { Inventory } from './inventory.ts';
import { isLocalhost } from './localhost.ts';
import { nameMatcher } from './name-matcher.ts';
import { selectHosts, splitPatterns } from './select.ts';

export interface BuildHost {
  /** The image's name, which is the host's. */
  readonly name: string;
  readonly vars: Dict;
}

/**
 * The hosts that the plays select leave the inventory, and their variables with them. The build machine joins every group
 * that a pattern names, and the groups of a host that is named outright; a word that names nothing is a group that only
 * the playbooks know. Throws a Fault for a pattern that cannot be read.
 * @param plays the patterns of each play.
 */
export function placeBuildHost(inventory: Inventory, build: BuildHost, plays: readonly (readonly string[])[]): void {
  const words = plays.flatMap(splitPatterns).filter((word) => !word.startsWith('!'));
  const groups = new Set(words.flatMap((word) => groupsNamed(inventory, word.replace(/^&/, ''), build.name)));
  for (const host of plays.flatMap((patterns) => selected(inventory, patterns))) {
    if (host !== build.name && !isLocalhost(host)) inventory.removeHost(host);
  }
  inventory.ensureHost(build.name, inventory.sources[0]);
  inventory.addHost(build.name, [...groups], build.vars);
}

/** A number that is too high for the hosts there are is no fault: `web[2]` is the build machine all the same. */
function selected(inventory: Inventory, patterns: readonly string[]): readonly string[] {
  try {
    return selectHosts(inventory, patterns);
  } catch (error) {
    if (error instanceof Fault && error.code === 'pattern-empty') return [];
    throw error;
  }
}

function groupsNamed(inventory: Inventory, pattern: string, build: string): readonly string[] {
  const isRegex = pattern.startsWith('~');
  const word = isRegex ? pattern : pattern.replace(/^(.+)\[-?\d+(?:[:-]\d*)?\]$/, '$1');
  const groups = [...inventory.groups.keys()].filter(nameMatcher(word));
  if (isLocalhost(word)) return [];
  if (word === build || groups.length > 0) return settled(groups);
  if (inventory.hosts.has(word)) return settled(inventory.groupNames(word));
  return isRegex || /[*?[]/.test(word) ? [] : [word];
}

/** Who is in `all` and in `ungrouped` follows from the rest. */
function settled(groups: readonly string[]): readonly string[] {
  return groups.filter((name) => name !== 'all' && name !== 'ungrouped');
}
