import { exists } from './instance-record.ts';
import type { CloudState } from './state.ts';

/** The machine numbers that instances and load balancers have, in all regions: they share one network. */
export function takenNumbers(state: CloudState): ReadonlySet<number> {
  const regions = Object.values(state.regions);
  const instances = regions.flatMap((region) => Object.values(region.instances)).filter(exists);
  const balancers = regions.flatMap((region) => Object.values(region.loadBalancers));
  return new Set([...instances, ...balancers].map(({ number }) => number));
}
