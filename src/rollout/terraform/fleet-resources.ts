/** The instances of a fleet as resources of Terraform's: each with what it has now, so that Terraform finds nothing to change. */

import type { Seen } from '../import/look-at.ts';
import { Expression, type Hcl } from './hcl.ts';
import { type PerSlot, perSlot } from './per-slot.ts';
import { resourceName } from './resource-name.ts';

export interface Slot {
  readonly slot: number;
  readonly seen: Seen;
  /** Its data volumes, as they are attached. */
  readonly volumes: readonly DataVolume[];
}

export interface DataVolume {
  readonly device: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, Hcl | undefined>>;
}

export interface FleetResources {
  /** As Terraform takes it. */
  readonly name: string;
  readonly fleet: string;
  readonly imageId: string;
  readonly imageName: string;
  /** Ids of images that other slots have: Terraform is going to replace these. */
  readonly others: readonly string[];
  readonly slots: readonly {
    readonly slot: number;
    readonly id: string;
    readonly own: Readonly<Record<string, Hcl>>;
  }[];
  readonly attributes: PerSlot['attributes'];
  readonly tags: Hcl;
  readonly groups: readonly { readonly name: string; readonly arn: string }[];
  readonly volumes: readonly VolumeResources[];
}

export interface VolumeResources {
  readonly name: string;
  readonly device: string;
  readonly slots: readonly {
    readonly slot: number;
    readonly id: string;
    readonly instanceId: string;
    readonly own: Readonly<Record<string, Hcl>>;
  }[];
  readonly attributes: PerSlot['attributes'];
}

/** @param slots in their order; at least one. */
export function fleetResources(fleet: string, slots: readonly Slot[]): FleetResources {
  const name = resourceName(fleet);
  const [imageId = '', ...others] = imagesOf(slots);
  const imageName = slots.find(({ seen }) => seen.instance.ImageId === imageId)?.seen.imageName ?? imageId;
  const of = (key: string, value: (seen: Seen) => Hcl | undefined) => {
    return { name: key, values: slots.map(({ seen }) => value(seen)) };
  };
  const { attributes, own } = perSlot(
    slots.length,
    [
      of('instance_type', ({ instance }) => instance.InstanceType ?? ''),
      of('subnet_id', ({ instance }) => instance.SubnetId),
      of('vpc_security_group_ids', ({ instance }) => {
        return (instance.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []).sort();
      }),
      of('key_name', ({ instance }) => instance.KeyName || undefined),
      of('iam_instance_profile', ({ instance }) => instance.IamInstanceProfile?.Arn?.replace(/^.*\//, '')),
      { name: 'tags', values: tagsOf(fleet, slots) },
      of('user_data', ({ userData }) => userData?.toString('utf8')),
    ],
    ['subnet_id'],
  );
  return {
    ...{ name, fleet, imageId, imageName, others },
    slots: slots.map(({ slot, seen }, index) => ({ slot, id: seen.instance.InstanceId ?? '', own: own[index] ?? {} })),
    attributes: attributes.filter(([key]) => key !== 'tags'),
    tags: attributes.find(([key]) => key === 'tags')?.[1] ?? {},
    groups: groupsOf(slots),
    volumes: devicesOf(slots).map((device) => volumeResources(name, device, slots)),
  };
}

/** That of most slots first. */
function imagesOf(slots: readonly Slot[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { seen } of slots)
    counts.set(seen.instance.ImageId ?? '', (counts.get(seen.instance.ImageId ?? '') ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one).map(([id]) => id);
}

/** Without AWS's and ours, which the provider is told to leave alone. A name that follows from the slot is written so. */
function tagsOf(fleet: string, slots: readonly Slot[]): readonly Hcl[] {
  const all = slots.map(({ seen }) =>
    Object.fromEntries((seen.instance.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  );
  const own = (tags: Readonly<Record<string, string>>) => {
    const kept = Object.entries(tags).filter(([key]) => !/^(?:aws|playbake):/.test(key));
    return Object.fromEntries(kept.sort(([one], [other]) => (one < other ? -1 : 1)));
  };
  const named = all.map((tags) => own({ ...tags, Name: '' }));
  const isAlike = named.every((tags) => JSON.stringify(tags) === JSON.stringify(named[0]));
  const isOurs = isAlike && slots.every(({ slot }, index) => all[index]?.['Name'] === `${fleet}-${slot}`);
  const name = new Expression(`"${fleet}-\${each.key}"`);
  return all.map((tags) => ({ ...own(tags), ...(isOurs && { Name: name }) }));
}

/** With which all slots are registered, or are to be. */
function groupsOf(slots: readonly Slot[]): FleetResources['groups'] {
  const groups = new Map(
    slots.flatMap(({ seen }) => seen.targets.map(({ groupArn, groupName }) => [groupArn, groupName] as const)),
  );
  return [...groups]
    .map(([arn, name]) => ({ arn, name: resourceName(name) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function devicesOf(slots: readonly Slot[]): readonly string[] {
  return [...new Set(slots.flatMap(({ volumes }) => volumes.map(({ device }) => device)))].sort();
}

function volumeResources(fleet: string, device: string, slots: readonly Slot[]): VolumeResources {
  const there = slots.flatMap(({ slot, seen, volumes }) => {
    const volume = volumes.find((one) => one.device === device);
    return volume ? [{ slot, volume, instanceId: seen.instance.InstanceId ?? '' }] : [];
  });
  const names = [...new Set(there.flatMap(({ volume }) => Object.keys(volume.attributes)))];
  const all = names.map((name) => ({ name, values: there.map(({ volume }) => volume.attributes[name]) }));
  const { attributes, own } = perSlot(there.length, all, ['availability_zone']);
  return {
    name: `${fleet}_${resourceName(device.replace(/^\/dev\//, ''))}`,
    device,
    attributes,
    slots: there.map(({ slot, volume, instanceId }, index) => ({
      slot,
      id: volume.id,
      instanceId,
      own: own[index] ?? {},
    })),
  };
}
