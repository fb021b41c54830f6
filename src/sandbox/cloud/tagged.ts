/** Whatever can have tags, by its id: a record, or the network interface of an instance. */

import { findInterface } from './find-interface.ts';
import { exists } from './instance-record.ts';
import { ApiError } from './protocol/api-error.ts';
import type { Region } from './region.ts';
import { kindOfId, TAGGED_KINDS, typeOf } from './resource-ids.ts';
import type { Tags } from './state.ts';

export interface Tagged {
  readonly id: string;
  /** What the API calls such a resource, for example `instance`. */
  readonly type: string;
  readonly tags: Tags;
}

const INTERFACE = 'network-interface';

/** Everything that can be seen. */
export function allTagged(region: Region): readonly Tagged[] {
  const records = TAGGED_KINDS.flatMap((kind) =>
    region.all(kind).map(({ id, tags }) => ({ id, type: typeOf(kind), tags })),
  );
  const instances = region.all('instances').filter(exists);
  const interfaces = instances.map(({ interfaceId: id, interfaceTags: tags }) => ({ id, type: INTERFACE, tags }));
  return [...records, ...interfaces];
}

/** Throws the ApiErrors `….NotFound`, `….Malformed` and, for what is no id at all, `InvalidID`. */
export function findTagged(region: Region, id: string): Tagged {
  if (id.startsWith('eni-')) return { id, type: INTERFACE, tags: findInterface(region, id).interfaceTags };
  const kind = kindOfId(id);
  if (kind === undefined || !TAGGED_KINDS.includes(kind)) {
    throw new ApiError('InvalidID', `The ID '${id}' is not valid`);
  }
  return { id, type: typeOf(kind), tags: region.find(kind, id).tags };
}

/** Gives what `findTagged` finds other tags. */
export function setTags(region: Region, id: string, tags: Tags): void {
  if (id.startsWith('eni-')) {
    const { id: instance } = findInterface(region, id);
    region.change('instances', instance, (record) => ({ ...record, interfaceTags: tags }));
  }
  const kind = kindOfId(id);
  if (kind !== undefined) region.change(kind, id, (record) => ({ ...record, tags }));
}
