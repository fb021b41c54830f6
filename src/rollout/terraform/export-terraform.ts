/** A configuration of Terraform's for what fleets have now, and imports of it. */

import type { Volume } from '@aws-sdk/client-ec2';
import type { Cloud } from '../../cloud/cloud.ts';
import { Fault } from '../../fault.ts';
import { lookAt } from '../import/look-at.ts';
import { addressOf } from '../state/address.ts';
import { openRollout } from '../state/forget.ts';
import type { FleetState, State } from '../state/state.ts';
import { type DataVolume, type FleetResources, fleetResources, type Slot } from './fleet-resources.ts';
import { Expression, type Hcl } from './hcl.ts';
import { render } from './render.ts';

export interface ExportOptions {
  readonly state: State;
  /** Names. */
  readonly fleets: readonly string[];
  readonly cloud: Cloud;
  /** Undefined: Terraform's own choice. */
  readonly profile: string | undefined;
}

export interface Exported {
  /** Texts by name. */
  readonly files: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
  /** What a plan is going to say. */
  readonly imports: number;
  readonly adds: number;
}

/** Throws `export-refused` for what has no place in a configuration, `rollout-open`. */
export async function exportTerraform({ state, fleets, cloud, profile }: ExportOptions): Promise<Exported> {
  const all: FleetResources[] = [];
  for (const name of fleets) {
    const fleet = state.fleets[name];
    if (fleet) all.push(fleetResources(name, await slotsOf(name, fleet, cloud)));
  }
  const files = new Map([['main.tf', await render('main', mainOf(cloud, profile))]]);
  for (const one of all) {
    files.set(`${one.name}.tf`, await render('fleet', { ...one, all: attributesOf(one) }));
    files.set(`${one.name}.imports.tf`, await render('imports', one));
  }
  const sum = (count: (one: FleetResources) => number) => all.reduce((total, one) => total + count(one), 0);
  return {
    files,
    warnings: all.flatMap(warningsOf),
    imports: sum(
      ({ slots, volumes }) => slots.length + volumes.reduce((total, one) => total + 2 * one.slots.length, 0),
    ),
    adds: sum(({ slots, groups }) => slots.length * groups.length),
  };
}

async function slotsOf(name: string, fleet: FleetState, cloud: Cloud): Promise<readonly Slot[]> {
  if (fleet.rollout) throw openRollout(name, `fleet.${name}`);
  const places = Object.entries(fleet.slots)
    .flatMap(([slot, { current, volumes }]) =>
      current?.id === undefined ? [] : [{ slot: Number(slot), id: current.id, volumes }],
    )
    .sort((one, other) => one.slot - other.slot);
  if (places.length === 0) throw new Fault('export-refused', `the fleet ${name} has no instances`);
  const seen = await lookAt(
    cloud,
    places.map(({ id }) => id),
  );
  return places.map(({ slot, id, volumes }) => {
    const found = seen.find(({ instance }) => instance.InstanceId === id && instance.State?.Name === 'running');
    const address = addressOf({ fleet: name, slot });
    if (!found) throw refused(`${address}: the instance ${id} does not run`);
    if (found.userData && !found.userData.equals(Buffer.from(found.userData.toString('utf8')))) {
      throw new Fault(
        'export-refused',
        `${address}: the user-data of ${id} is no text, which Terraform would send anew`,
      );
    }
    const data = Object.entries(volumes).map(([device, volumeId]) => {
      const volume = found.volumes.find(({ VolumeId }) => VolumeId === volumeId);
      if (!volume) throw refused(`${address}: the volume ${volumeId} is not attached to ${id}`);
      return dataVolume(device, volume);
    });
    return { slot, seen: found, volumes: data };
  });
}

function refused(message: string): Fault {
  return new Fault('export-refused', message, { hint: '`rollout plan` says what to do about it' });
}

function dataVolume(device: string, volume: Volume): DataVolume {
  const { VolumeType: type = '', Iops, Throughput, Encrypted, KmsKeyId, SnapshotId, Tags = [] } = volume;
  const own = Tags.filter(({ Key = '' }) => !/^(?:aws|playbake):/.test(Key));
  const tags = Object.fromEntries(own.map(({ Key = '', Value = '' }) => [Key, Value]));
  const attributes: Readonly<Record<string, Hcl | undefined>> = {
    availability_zone: volume.AvailabilityZone,
    size: volume.Size,
    type,
    iops: ['io1', 'io2', 'gp3'].includes(type) ? Iops : undefined,
    throughput: type === 'gp3' ? Throughput : undefined,
    encrypted: Encrypted || undefined,
    kms_key_id: KmsKeyId,
    snapshot_id: SnapshotId || undefined,
    tags: own.length === 0 ? undefined : tags,
  };
  return { device, id: volume.VolumeId ?? '', attributes };
}

function mainOf({ region, endpoint, kind }: Cloud, profile: string | undefined) {
  const provider: Record<string, Hcl> = { region };
  if (profile !== undefined) provider['profile'] = profile;
  if (kind === 'sandbox') {
    // The sandbox takes all keys.
    Object.assign(provider, { access_key: 'playbake', secret_key: 'playbake' });
    Object.assign(provider, { skip_metadata_api_check: true, skip_requesting_account_id: true });
  }
  const services = ['ec2', 'elbv2', 'autoscaling', 'iam', 'sts'];
  const endpoints = endpoint === undefined ? undefined : services.map((name) => [name, endpoint]);
  return { provider: Object.entries(provider), endpoints };
}

function attributesOf({ name, attributes, tags }: FleetResources): readonly (readonly [string, Hcl])[] {
  const tagged: readonly (readonly [string, Hcl])[] = isEmpty(tags) ? [] : [['tags', tags]];
  return [['ami', new Expression(`var.${name}_image_id`)], ...attributes, ...tagged];
}

function isEmpty(value: Hcl): boolean {
  return (
    typeof value === 'object' && value !== null && !(value instanceof Expression) && Object.keys(value).length === 0
  );
}

function warningsOf({ fleet, others, imageId }: FleetResources): readonly string[] {
  if (others.length === 0) return [];
  return [`not all of ${fleet} are of ${imageId}: Terraform is going to replace those of ${others.join(', ')}`];
}
