/** Sees what becomes of targets with time: delays end, instances do. */

import type { Cloud } from '../cloud.ts';

/** Milliseconds. */
const INTERVAL = 250;

/** `stop` ends the watch; what it has begun goes on. */
export function watchBalancing(cloud: Cloud, interval = INTERVAL): { readonly stop: () => void } {
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    cloud.later('load balancers', () =>
      cloud.balancing.look().finally(() => {
        isLooking = false;
      }),
    );
  }, interval);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
