/** Sees what instances do by themselves: they answer for the first time, power themselves off, die; and forgets the gone. */

import type { Cloud } from './cloud.ts';
import { settle } from './instance-life.ts';
import { exists, type InstanceRecord } from './instance-record.ts';
import type { Region } from './region.ts';

export interface WatchOptions {
  /** Milliseconds between looks. */
  readonly interval?: number;
  /** How many milliseconds terminated instances can still be seen; an hour by default, as about on EC2. */
  readonly memory?: number;
  /** Milliseconds after which what did not come about is tried again: a machine that does not end, for example. */
  readonly retry?: number;
}

export interface Watch {
  /** Ends the watch; what it has begun goes on. */
  readonly stop: () => void;
  /** Looks now. */
  readonly look: () => Promise<void>;
}

export function watchInstances(
  cloud: Cloud,
  { interval = 300, memory = 3_600_000, retry = 5000 }: WatchOptions = {},
): Watch {
  let looking = false;
  let tried = Date.now();
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      const again = Date.now() - tried >= retry;
      if (again) tried = Date.now();
      for (const name of Object.keys(cloud.store.state.regions)) {
        await lookAt(cloud, cloud.region(name), { memory, again });
      }
      await cloud.store.flush();
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => cloud.later('watching instances', look), interval);
  timer.unref();
  return { stop: () => clearInterval(timer), look };
}

async function lookAt(
  cloud: Cloud,
  region: Region,
  { memory, again }: { readonly memory: number; readonly again: boolean },
): Promise<void> {
  for (const instance of Object.values(region.state.instances)) {
    if (instance.state === 'running') await lookAtRunning(cloud, region, instance);
    else if (!exists(instance) && Date.now() - (instance.endedAt ?? 0) > memory)
      region.remove('instances', instance.id);
    else if (again && instance.state !== 'stopped' && exists(instance)) settle(cloud, region.name, instance.id);
  }
}

async function lookAtRunning(cloud: Cloud, region: Region, instance: InstanceRecord): Promise<void> {
  const { id, answeredAt, imaging } = instance;
  if (imaging === true) return;
  if (!cloud.machines.isRunning(id)) return settle(cloud, region.name, id);
  if (answeredAt !== undefined || !(await cloud.machines.answers(id))) return;
  region.change('instances', id, (now) => (now.state === 'running' ? { ...now, answeredAt: Date.now() } : now));
}
