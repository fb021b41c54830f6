import { exists, type InstanceRecord } from './instance-record.ts';
import { ApiError } from './protocol/api-error.ts';
import type { Region } from './region.ts';

/** The instance that has a network interface: each has one. Throws the ApiErrors `InvalidNetworkInterfaceID.…`. */
export function findInterface(region: Region, id: string): InstanceRecord {
  const instance = region.all('instances').find(({ interfaceId }) => interfaceId === id);
  const now = instance === undefined ? undefined : region.state.instances[instance.id];
  if (now !== undefined && exists(now)) return now;
  if (!/^eni-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) {
    throw new ApiError('InvalidNetworkInterfaceId.Malformed', `Invalid id: "${id}" (expecting "eni-...")`);
  }
  throw new ApiError('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${id}' does not exist`);
}
