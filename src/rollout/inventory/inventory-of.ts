/** Instances of fleets as Ansible's scripts of inventories tell of hosts. Pure. */

import type { FleetConfig } from '../../config/fleet.ts';
import { addressOf } from '../apply/health/address.ts';
import { hostKeyArguments } from '../apply/health/target.ts';
import type { Member } from './instances-in.ts';

export type HostVars = Readonly<Record<string, unknown>>;

export interface Inventory {
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly hosts: Readonly<Record<string, HostVars>>;
}

/** The group of all instances: what playbooks name that are for a fleet and for an image. */
const ALL = 'ec2_instances';

/** @param directory of the project's own files (`.playbake`) */
export function inventoryOf(
  members: readonly Member[],
  fleets: ReadonlyMap<string, FleetConfig>,
  directory: string,
): Inventory {
  const groups = new Map<string, string[]>();
  const hosts = new Map<string, HostVars>();
  for (const member of members) {
    const name = hostName(member);
    const group = groupName(member.fleet);
    groups.set(group, [...(groups.get(group) ?? []), name]);
    hosts.set(name, hostVars(member, fleets.get(member.fleet), directory));
  }
  return { groups: Object.fromEntries(groups), hosts: Object.fromEntries(hosts) };
}

/** `--list`: https://docs.ansible.com/ansible/latest/dev_guide/developing_inventory.html */
export function listed({ groups, hosts }: Inventory): object {
  const ours = Object.entries(groups).map(([name, all]) => [name, { hosts: all }]);
  return { _meta: { hostvars: hosts }, [ALL]: { children: Object.keys(groups) }, ...Object.fromEntries(ours) };
}

/** `web-0` stays the same when its instance is replaced. */
function hostName({ fleet, slot, instance }: Member): string {
  return slot === undefined ? `${fleet}-${instance.InstanceId}` : `${fleet}-${slot}`;
}

/** Ansible's groups have the names of Python's variables, and one of them is that of all. */
function groupName(fleet: string): string {
  const name = fleet.replace(/\W/g, '_').replace(/^(?=\d)/, '_');
  return ['all', 'ungrouped', ALL].includes(name) ? `fleet_${name}` : name;
}

function hostVars(
  { fleet, slot, inService, imageName, instance }: Member,
  config: FleetConfig | undefined,
  directory: string,
): HostVars {
  const { PublicIpAddress, Tags = [], ImageId, InstanceId, InstanceType, PrivateIpAddress, Placement } = instance;
  const own = Tags.filter(({ Key = '' }) => !/^(?:aws|playbake):/.test(Key));
  const all = {
    ansible_host: config ? addressOf(instance, config) : PrivateIpAddress,
    ansible_user: config?.ssh?.user,
    ansible_ssh_private_key_file: config?.ssh?.privateKey,
    ansible_ssh_common_args: config?.ssh && hostKeyArguments(InstanceId ?? '', directory),
    ec2_instance_id: InstanceId,
    ec2_image_id: ImageId,
    ec2_image_name: imageName,
    ec2_instance_type: InstanceType,
    ec2_availability_zone: Placement?.AvailabilityZone,
    ec2_private_ip_address: PrivateIpAddress,
    ec2_public_ip_address: PublicIpAddress || undefined,
    ec2_tags: Object.fromEntries(own.map(({ Key = '', Value = '' }) => [Key, Value])),
    fleet,
    fleet_slot: slot,
    fleet_in_service: inService,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
