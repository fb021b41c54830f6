/** After a server's end, whatever way it ended: brings machines and records together again. */

import type { Cloud } from './cloud.ts';
import { settle } from './instance-life.ts';
import { exists } from './instance-record.ts';

/**
 * Machines that run go on; what was under way goes on; machines that no instance of the state has are removed. Resolves
 * when nothing of these is left; the rest goes on in the background.
 */
export async function recoverInstances(cloud: Cloud): Promise<void> {
  const regions = Object.entries(cloud.store.state.regions);
  const instances = regions.flatMap(([region, { instances }]) => {
    return Object.values(instances).map((instance) => ({ region, instance }));
  });
  const known = new Set(instances.filter(({ instance }) => exists(instance)).map(({ instance }) => instance.id));
  for (const id of await cloud.machines.all()) if (!known.has(id)) await cloud.machines.remove(id);
  for (const { region, instance } of instances) {
    // A server that was killed when it had stopped the machine, and not yet what is around it.
    if (instance.state === 'stopped') await cloud.machines.stop(instance.id, { force: true });
    else {
      // Off while its disks were captured, which nobody goes on with: it comes back as it does after a start.
      if (instance.imaging === true) resume(cloud, region, instance.id);
      settle(cloud, region, instance.id);
    }
  }
}

function resume(cloud: Cloud, region: string, id: string): void {
  cloud.region(region).change('instances', id, ({ imaging: _, ...instance }) => {
    return instance.state === 'running' ? { ...instance, state: 'pending' } : instance;
  });
}
