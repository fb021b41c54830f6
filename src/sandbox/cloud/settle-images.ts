/** What a crash of the server left pending, brought to an end: nothing goes on with it. */

import type { Cloud } from './cloud.ts';
import { REGION_NAMES } from './regions.ts';

const CRASHED = 'the server ended while it was made';

/** Images and snapshots that were being made have failed; volumes that were being made too. Then unused disks go. */
export async function settleImages(cloud: Cloud): Promise<void> {
  for (const name of REGION_NAMES) {
    const region = cloud.region(name);
    for (const image of Object.values(region.state.images)) {
      if (image.state !== 'pending') continue;
      region.change('images', image.id, (old) => ({ ...old, state: 'failed', failure: CRASHED }));
    }
    for (const snapshot of Object.values(region.state.snapshots)) {
      if (snapshot.state !== 'pending') continue;
      region.change('snapshots', snapshot.id, (old) => ({ ...old, state: 'error', failure: CRASHED }));
    }
    for (const volume of Object.values(region.state.volumes)) {
      if (volume.state !== 'creating') continue;
      region.change('volumes', volume.id, (old) => ({ ...old, state: 'error' }));
    }
  }
  await cloud.disks.collect(cloud.store.state);
}
