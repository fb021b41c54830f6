/** Clearing away what a killed run left half done, so that every operation starts from a sound state. */

import { join } from 'node:path';
import { groupsIn, removeGroup } from './cgroup.ts';
import { namesIn } from './files.ts';
import type { Home } from './home.ts';
import { readInstances, readMachines, rootOf } from './machine.ts';
import { removeTree, unmountBelow } from './mounts.ts';
import { namespacesOf, removeNamespace } from './network.ts';
import { isRunning } from './power.ts';
import { groupOf, type Subnet } from './subnet.ts';

/** The control group in which layers are built. */
export const BUILD = 'build';

/**
 * Running machines are left alone; whatever belongs to no machine goes. Instances come and go meanwhile, since their
 * server works on its own: each has its folder before it has anything else, so what was there before the folders were
 * read, and has none, is nobody's.
 */
export async function recover(home: Home, subnet: Subnet): Promise<void> {
  const [groups, namespaces] = [groupsIn(subnet.tag), await namespacesOf(subnet)];
  const machines = await readMachines(home);
  const names = new Set([...machines, ...(await readInstances(home))].map(({ name }) => name));
  for (const name of groups) if (!names.has(name)) await removeGroup(groupOf(subnet, name));
  for (const name of namespaces) if (!names.has(name)) await removeNamespace(subnet, name);
  for (const name of await namesIn(home.machines)) if (!names.has(name)) await removeTree(join(home.machines, name));
  for (const folder of [home.bases, home.settings]) {
    const building = (await namesIn(folder)).filter((name) => name.endsWith('.building'));
    for (const name of building) await removeTree(join(folder, name));
  }
  for (const machine of machines) {
    for (const part of ['disk.new', 'disk.old']) await removeTree(join(machine.folder, part));
    if (!isRunning(subnet, machine)) await unmountBelow(rootOf(machine));
  }
}
