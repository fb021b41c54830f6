/** A host's variables from the inventory, its group_vars and host_vars, and those beside the playbook. */

import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Findings } from '../fault.ts';
import type { Dict } from '../value/value.ts';
import type { Group, Inventory } from './inventory.ts';
import { mergeVars } from './merge-vars.ts';
import { VarsFiles } from './vars-files.ts';

export interface HostVariablesOptions {
  readonly playbookDirectory?: string;
  readonly findings: Findings;
}

/**
 * Levels 3 to 10 of Ansible's precedence, merged; the mapping keeps the places of all. Files are read once per findings;
 * what is wrong in them goes there.
 */
export function hostVariables(inventory: Inventory, host: string, options: HostVariablesOptions): Dict {
  const { playbookDirectory: play, findings } = options;
  const { files, roots, shared } = readerOf(inventory, findings);
  const every = play === undefined ? roots : [...roots, play];
  const groups = inventory.groupsOf(host);
  const key = [play ?? '', ...groups.map(({ name }) => name)].join('\0');
  let common = shared.get(key);
  if (!common) {
    common = groupVariables(groups, every, files);
    shared.set(key, common);
  }
  return mergeVars([
    common,
    inventory.host(host)?.vars ?? new Map(),
    ...every.flatMap((root) => files.of(join(root, 'host_vars'), host)),
  ]);
}

/** Weakest first: the inventory's own, then files for `all`, then files for the other groups. */
function groupVariables(groups: readonly Group[], roots: readonly string[], files: VarsFiles): Dict {
  const others = groups.filter(({ name }) => name !== 'all');
  return mergeVars([
    ...groups.map(({ vars }) => vars),
    ...roots.flatMap((root) => files.of(join(root, 'group_vars'), 'all')),
    ...roots.flatMap((root) => others.flatMap(({ name }) => files.of(join(root, 'group_vars'), name))),
  ]);
}

interface Reader {
  readonly files: VarsFiles;
  /** Where group_vars and host_vars of the inventories are: beside each file, inside each directory. */
  readonly roots: readonly string[];
  /** Merged variables of groups, by their names: most hosts share theirs with others. */
  readonly shared: Map<string, Dict>;
}

const readers = new WeakMap<Findings, WeakMap<Inventory, Reader>>();

function readerOf(inventory: Inventory, findings: Findings): Reader {
  const own = readers.get(findings) ?? new WeakMap<Inventory, Reader>();
  readers.set(findings, own);
  const reader = own.get(inventory) ?? { files: new VarsFiles(findings), roots: rootsOf(inventory), shared: new Map() };
  own.set(inventory, reader);
  return reader;
}

function rootsOf({ sources }: Inventory): readonly string[] {
  const found = sources
    .filter((source) => existsSync(source))
    .map((source) => (statSync(source).isDirectory() ? source : dirname(source)));
  return [...new Set(found)];
}
