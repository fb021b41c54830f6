/** Which instances fleets have, as the cloud tells of them. */

import type { Filter, Instance } from '@aws-sdk/client-ec2';
import type { Cloud } from '../../cloud/cloud.ts';
import type { FleetState, State } from '../state/state.ts';

export interface Member {
  readonly fleet: string;
  /** Undefined: its fleet is an Auto Scaling group, which has no slots. */
  readonly slot: number | undefined;
  readonly inService: boolean | undefined;
  readonly imageName: string | undefined;
  readonly instance: Instance;
}

/** A filter takes so many values. */
const MANY = 200;

/** The current instances that run, by fleet and slot. @param fleets which; none: all. */
export async function instancesIn(state: State, fleets: readonly string[], cloud: Cloud): Promise<readonly Member[]> {
  const names = Object.keys(state.fleets).filter((name) => fleets.length === 0 || fleets.includes(name));
  const all = await Promise.all(
    names.sort().map((name) => {
      const fleet = state.fleets[name];
      if (!fleet) return [];
      return fleet.group ? inGroup(name, fleet.group.name, cloud) : inSlots(name, fleet, cloud);
    }),
  );
  return all.flat();
}

async function inSlots(fleet: string, { slots }: FleetState, cloud: Cloud): Promise<readonly Member[]> {
  const places = Object.entries(slots)
    .flatMap(([slot, { current }]) =>
      current?.id === undefined ? [] : [{ slot: Number(slot), current, id: current.id }],
    )
    .sort((one, other) => one.slot - other.slot);
  const found = new Map<string, Instance>();
  for (let at = 0; at < places.length; at += MANY) {
    const Values = places.slice(at, at + MANY).map(({ id }) => id);
    for (const one of await running([{ Name: 'instance-id', Values }], cloud)) found.set(one.InstanceId ?? '', one);
  }
  return places.flatMap(({ slot, current, id }) => {
    const instance = found.get(id);
    const { inService, settings } = current;
    return instance ? [{ fleet, slot, inService, imageName: settings.imageName, instance }] : [];
  });
}

async function inGroup(fleet: string, group: string, cloud: Cloud): Promise<readonly Member[]> {
  const found = await running([{ Name: 'tag:aws:autoscaling:groupName', Values: [group] }], cloud);
  return found
    .toSorted((one, other) => ((one.InstanceId ?? '') < (other.InstanceId ?? '') ? -1 : 1))
    .map((instance) => ({ fleet, slot: undefined, inService: undefined, imageName: undefined, instance }));
}

/** By filters: an instance that is gone is no error of theirs. */
async function running(filters: readonly Filter[], cloud: Cloud): Promise<readonly Instance[]> {
  const Filters: Filter[] = [...filters, { Name: 'instance-state-name', Values: ['running'] }];
  const found: Instance[] = [];
  let token: string | undefined;
  do {
    const answer = await cloud.ec2().describeInstances({ Filters, ...(token !== undefined && { NextToken: token }) });
    found.push(...(answer.Reservations ?? []).flatMap(({ Instances = [] }) => Instances));
    token = answer.NextToken || undefined;
  } while (token !== undefined);
  return found;
}
