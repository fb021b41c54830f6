/** Instances that are there become those of a fleet's slots. Pure. */

import type { FleetConfig } from '../../config/fleet.ts';
import { DEVICE_TAG, SLOT_TAG } from '../apply/tags.ts';
import { addressOf } from '../state/address.ts';
import type { FleetState, InstanceState, SlotState } from '../state/state.ts';
import type { Seen } from './look-at.ts';
import { dataVolumes, settingsOf } from './settings-of.ts';

export interface Candidate {
  /** Undefined: the one that its tags name, where that is free, or the first free one. */
  readonly slot: number | undefined;
  readonly seen: Seen;
}

/** A data volume that is attached to nothing, with the tags of a slot. */
export interface LooseVolume {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Adopted {
  readonly slot: number;
  readonly instance: InstanceState;
  /** Whether another one of its slot took its place. */
  readonly deposed: boolean;
  /** Ids of the slot's data volumes that are attached to it, by device. */
  readonly volumes: Readonly<Record<string, string>>;
}

export interface Adoption {
  readonly slots: FleetState['slots'];
  /** By slot. */
  readonly adopted: readonly Adopted[];
  /** Why some could not be. */
  readonly refused: readonly string[];
}

/**
 * @param candidates may be adopted, as far as they themselves are concerned. Of several that bear the tag of one slot, the
 * one that serves, and then the youngest, is the current one, and the others are deposed.
 */
export function adopt(
  fleet: FleetConfig,
  slots: FleetState['slots'],
  candidates: readonly Candidate[],
  loose: readonly LooseVolume[] = [],
): Adoption {
  const refused: string[] = [];
  const places = new Map<number, Candidate[]>();
  const isFree = (slot: number) => slots[slot]?.current === undefined;
  const homeless: Candidate[] = [];
  for (const one of candidates) {
    const { slot = taggedSlot(one.seen) } = one;
    const others = slot === undefined ? undefined : places.get(slot);
    if (slot === undefined || (one.slot === undefined && !isFree(slot))) homeless.push(one);
    else if (!isFree(slot))
      refused.push(`${addressOf({ fleet: fleet.name, slot })} is taken by ${slots[slot]?.current?.id ?? 'another'}`);
    else if (others && one.slot !== undefined)
      refused.push(`${addressOf({ fleet: fleet.name, slot })} is wanted for two instances`);
    else places.set(slot, [...(others ?? []), one]);
  }
  for (const one of homeless) {
    let slot = 0;
    while (slots[slot] || places.has(slot)) slot += 1;
    places.set(slot, [one]);
  }
  const adopted: Adopted[] = [];
  const after: Record<string, SlotState> = { ...slots };
  // A slot whose instance is gone has its data still.
  for (const slot of slotsOfLoose(loose)) {
    const before = slots[slot] ?? { deposed: [], volumes: {} };
    after[slot] = { ...before, volumes: { ...looseOf(slot, loose), ...before.volumes } };
  }
  for (const [slot, all] of [...places].sort(([one], [other]) => one - other)) {
    const before = slots[slot] ?? { deposed: [], volumes: {} };
    const known = all.map((one) => ({ ...one, instance: instanceState(one.seen, fleet) })).sort(currentFirst);
    const volumes = { ...looseOf(slot, loose), ...before.volumes };
    for (const { seen, instance } of known.toReversed()) {
      const own = dataVolumes(seen, fleet);
      for (const { device, volume } of own) {
        const other = before.volumes[device];
        if (other !== undefined && other !== volume.VolumeId)
          refused.push(
            `${addressOf({ fleet: fleet.name, slot })} has the volume ${other} as ${device}, and ${instance.id} has ${volume.VolumeId}`,
          );
        volumes[device] = volume.VolumeId ?? '';
      }
      const attached = Object.fromEntries(own.map(({ device, volume }) => [device, volume.VolumeId ?? '']));
      adopted.push({ slot, instance, deposed: seen !== known[0]?.seen, volumes: attached });
    }
    const [current, ...older] = known.map(({ instance }) => instance);
    after[slot] = { ...(current && { current }), deposed: [...before.deposed, ...older.toReversed()], volumes };
  }
  return { slots: after, adopted, refused };
}

function taggedSlot({ instance }: Seen): number | undefined {
  const value = instance.Tags?.find(({ Key }) => Key === SLOT_TAG)?.Value;
  return value !== undefined && /^(?:0|[1-9]\d{0,5})$/.test(value) ? Number(value) : undefined;
}

function instanceState(seen: Seen, fleet: FleetConfig): InstanceState {
  const { targets, instance } = seen;
  const serves = fleet.targetGroups.length === 0 || (targets.length > 0 && targets.every(({ healthy }) => healthy));
  return { token: '', id: instance.InstanceId ?? '', settings: settingsOf(seen, fleet), inService: serves };
}

interface Known extends Candidate {
  readonly instance: InstanceState;
}

function currentFirst(one: Known, other: Known): number {
  if (one.instance.inService !== other.instance.inService) return one.instance.inService ? -1 : 1;
  return (other.seen.instance.LaunchTime?.getTime() ?? 0) - (one.seen.instance.LaunchTime?.getTime() ?? 0);
}

function slotsOfLoose(loose: readonly LooseVolume[]): readonly number[] {
  return [...new Set(loose.flatMap(({ tags }) => tags[SLOT_TAG] ?? []))].map(Number).filter(Number.isSafeInteger);
}

function looseOf(slot: number, loose: readonly LooseVolume[]): Record<string, string> {
  const ours = loose.filter(({ tags }) => tags[SLOT_TAG] === String(slot));
  return Object.fromEntries(
    ours.flatMap(({ id, tags }) => (tags[DEVICE_TAG] === undefined ? [] : [[tags[DEVICE_TAG], id]])),
  );
}
