import type { InstanceRecord } from './instance-record.ts';
import type { Region } from './region.ts';
import { notFound, shapeOfId } from './resource-ids.ts';

/** The instances with these ids, each once, as they can be seen; throws the ApiErrors `InvalidInstanceID.…`. */
export function seenInstances(region: Region, ids: readonly string[]): readonly InstanceRecord[] {
  for (const id of ids) {
    const wrong = shapeOfId('instances', id);
    if (wrong !== undefined) throw wrong;
  }
  const seen = region.seen.instances;
  const missing = ids.filter((id) => seen[id] === undefined);
  if (missing.length > 0) throw notFound('instances', missing);
  return [...new Set(ids)].flatMap((id) => seen[id] ?? []);
}

/** The same as they are, for calls that change them. One that is forgotten is not found. */
export function knownInstances(region: Region, ids: readonly string[]): readonly InstanceRecord[] {
  return seenInstances(region, ids).map(({ id }) => region.find('instances', id));
}
