/** The layers that the cloud of a sandbox stands on: its instances, and the snapshots that its state knows. */

import { join } from 'node:path';
import { exists } from './cloud/instance-record.ts';
import { Store } from './cloud/store.ts';
import { layersOf } from './disk.ts';
import type { Home } from './home.ts';
import { readInstances } from './machine.ts';

/** Paths. */
export async function layersInUse(home: Home): Promise<readonly string[]> {
  const { regions } = (await Store.open(home.cloudState)).state;
  const records = Object.values(regions).flatMap(({ snapshots, instances }) => [
    ...Object.values(snapshots),
    ...Object.values(instances).filter(exists),
  ]);
  const standing = await Promise.all((await readInstances(home)).map(layersOf));
  return [...records.flatMap(({ layers }) => layers), ...standing.flat()].map((layer) => join(home.root, layer));
}
