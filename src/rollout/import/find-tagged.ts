/** What bears the tags of fleets, for a state that was lost. */

import type { Filter, Tag } from '@aws-sdk/client-ec2';
import type { Cloud } from '../../cloud/cloud.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import { DEVICE_TAG, FLEET_TAG } from '../apply/tags.ts';
import { instancesOf, slotsOf } from '../state/find-slots.ts';
import type { State } from '../state/state.ts';
import type { LooseVolume } from './adopt.ts';
import type { Wanted } from './wanted.ts';

/** Instances of these fleets that run and are not in the state. */
export async function taggedInstances(
  cloud: Cloud,
  fleets: readonly FleetConfig[],
  state: State | undefined,
): Promise<readonly Wanted[]> {
  if (fleets.length === 0) return [];
  const Filters: Filter[] = [
    { Name: `tag:${FLEET_TAG}`, Values: fleets.map(({ name }) => name) },
    { Name: 'instance-state-name', Values: ['running'] },
  ];
  const known = new Set(state ? slotsOf(state).flatMap((slot) => instancesOf(slot.state)) : []);
  const found: Wanted[] = [];
  let token: string | undefined;
  do {
    const answer = await cloud.ec2().describeInstances({ Filters, ...(token !== undefined && { NextToken: token }) });
    for (const { InstanceId: id = '', Tags } of (answer.Reservations ?? []).flatMap(
      ({ Instances = [] }) => Instances,
    )) {
      if (!known.has(id)) found.push({ id, fleet: plain(Tags)[FLEET_TAG] ?? '', slot: undefined });
    }
    token = answer.NextToken || undefined;
  } while (token !== undefined);
  return found;
}

/** Data volumes of a fleet that are attached to nothing. */
export async function looseVolumes(cloud: Cloud, fleet: string): Promise<readonly LooseVolume[]> {
  const Filters: Filter[] = [
    { Name: `tag:${FLEET_TAG}`, Values: [fleet] },
    { Name: 'tag-key', Values: [DEVICE_TAG] },
    { Name: 'status', Values: ['available'] },
  ];
  const { Volumes = [] } = await cloud.ec2().describeVolumes({ Filters });
  return Volumes.map(({ VolumeId: id = '', Tags }) => ({ id, tags: plain(Tags) }));
}

function plain(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}
