import type { Region } from './region.ts';
import type { Ec2Kind, Kinds } from './state.ts';

/** The records with these ids, each of which must be there; all that can be seen when no id is given. */
export function listed<K extends Ec2Kind>(region: Region, kind: K, ids: readonly string[] = []): readonly Kinds[K][] {
  return ids.length === 0 ? region.all(kind) : ids.map((id) => region.find(kind, id));
}
