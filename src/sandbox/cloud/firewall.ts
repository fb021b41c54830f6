/** Security groups in force: what the state says of them is what the kernel does. */

import { run } from '../run.ts';
import type { Cloud } from './cloud.ts';
import { firewallProgram } from './firewall-program.ts';

/** The last load for each cloud: an older program must not replace a newer one. */
const LOADING = new WeakMap<Cloud, Promise<void>>();

/**
 * Puts the groups of all instances in force, as the state is when it is their turn. Called when the record of an instance
 * is stored, before its machine starts, and whenever a group or who is in it has changed.
 */
export function applyFirewall(cloud: Cloud): Promise<void> {
  const before = LOADING.get(cloud) ?? Promise.resolve();
  const load = () => cloud.machines.filter(firewallProgram(cloud.store.state, cloud.subnet));
  const loading = before.then(load, load);
  LOADING.set(cloud, loading);
  return loading;
}

/** What real machines do for `Machines.filter`. */
export async function loadFirewall(program: string): Promise<void> {
  await run(['nft', '-f', '-'], { input: program });
}
