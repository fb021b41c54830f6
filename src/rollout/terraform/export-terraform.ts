/** A configuration of Terraform's for what fleets have now, and imports of it. */

import type { Volume } from '@aws-sdk/client-ec2';
import type { Cloud } from '../../cloud/cloud.ts';
import { Fault } from '../../fault.ts';
import { lookAt } from '../import/look-at.ts';
import { addressOf } from '../state/address.ts';
import { openRollout } from '../state/forget.ts';
import type { FleetState, State } from '../state/state.ts';
import { type DataVolume, type FleetResources, fleetResources, type Slot } from './fleet-resources.ts';
import { type GroupResources, groupResources } from './group-resources.ts';
import { Expression, type Hcl } from './hcl.ts';
import { lookAtGroup } from './look-at-group.ts';
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
  /** Of arguments that only Terraform knows. */
  readonly changes: number;
}

/** Throws `export-refused` for what has no place in a configuration, `rollout-open`. */
export async function exportTerraform({ state, fleets, cloud, profile }: ExportOptions): Promise<Exported> {
  const files = new Map([['main.tf', await render('main', mainOf(cloud, profile))]]);
  const warnings: string[] = [];
  let imports = 0;
  let adds = 0;
  let changes = 0;
  for (const name of fleets) {
    const fleet = state.fleets[name];
    if (fleet?.rollout) throw openRollout(name, `fleet.${name}`);
    if (fleet?.group) {
      const one = groupResources(name, await lookAtGroup(name, fleet.group, cloud));
      files.set(`${one.name}.tf`, await render('group', one));
      files.set(`${one.name}.imports.tf`, await render('groupImports', one));
      warnings.push(...groupWarnings(one));
      imports += 2;
      changes += 1;
    } else if (fleet) {
      const one = fleetResources(name, await slotsOf(name, fleet, cloud));
      files.set(`${one.name}.tf`, await render('fleet', { ...one, all: attributesOf(one) }));
      files.set(`${one.name}.imports.tf`, await render('imports', one));
      warnings.push(...warningsOf(one));
      imports += one.slots.length + one.volumes.reduce((total, { slots }) => total + 2 * slots.length, 0);
      adds += one.slots.length * one.groups.length;
    }
  }
  return { files, warnings, imports, adds, changes };
}

async function slotsOf(name: string, fleet: FleetState, cloud: Cloud): Promise<readonly Slot[]> {
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

function groupWarnings({ fleet, otherVersion, group }: GroupResources): readonly string[] {
  if (otherVersion === undefined) return [];
  return [
    `${group} of ${fleet} launches an older version of its template than ${otherVersion}, the latest: Terraform is going to make another, and to refresh the instances`,
  ];
}
