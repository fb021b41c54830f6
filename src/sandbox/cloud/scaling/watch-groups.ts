/** Keeps Auto Scaling groups as their records promise: looks at them again and again, and does what lacks. */

import { readMachines } from '../../machine.ts';
import type { Cloud } from '../cloud.ts';
import { reconcileGroup } from './reconcile-group.ts';

export interface WatchGroupsOptions {
  /** Milliseconds between looks. */
  readonly interval?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** How many milliseconds what a group did is remembered; EC2 has six weeks. */
  readonly memory?: number;
}

export interface GroupWatch {
  /** Ends the watch; what it has begun goes on. */
  readonly stop: () => void;
  /** Looks now. */
  readonly look: () => Promise<void>;
}

const SIX_WEEKS = 6 * 7 * 24 * 3_600_000;

export function watchGroups(
  cloud: Cloud,
  { interval = 300, clock = Date.now, memory = SIX_WEEKS }: WatchGroupsOptions = {},
): GroupWatch {
  let looking = false;
  const look = async () => {
    const regions = Object.entries(cloud.store.state.regions);
    if (looking || regions.every(([, { scalingGroups }]) => Object.keys(scalingGroups).length === 0)) return;
    looking = true;
    try {
      const taken = new Set((await readMachines(cloud.home)).map(({ number }) => number));
      for (const [name] of regions) {
        const region = cloud.region(name);
        const now = clock();
        for (const groupId of Object.keys(region.state.scalingGroups)) {
          reconcileGroup({ cloud, region, groupId, now, taken });
        }
        for (const { id, endedAt } of Object.values(region.state.scalingActivities)) {
          if (endedAt !== undefined && now - endedAt > memory) region.remove('scalingActivities', id);
        }
      }
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => cloud.later('watching Auto Scaling groups', look), interval);
  timer.unref();
  return { stop: () => clearInterval(timer), look };
}
