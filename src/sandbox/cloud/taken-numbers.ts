import { exists } from './instance-record.ts';
import type { CloudState } from './state.ts';

/** The machine numbers that instances have, in all regions: they share one network. */
export function takenNumbers(state: CloudState): ReadonlySet<number> {
  const instances = Object.values(state.regions).flatMap((region) => Object.values(region.instances));
  return new Set(instances.filter(exists).map(({ number }) => number));
}
