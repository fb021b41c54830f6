/** Where a new instance will be: its subnet, its machine number and its address. */

import { addressOf, numberAt } from '../subnet.ts';
import type { Context } from './action.ts';
import { parseAddress, parseCidr } from './cidr.ts';
import { numbersIn } from './free-numbers.ts';
import type { SubnetRecord } from './network-records.ts';
import { ApiError, invalidValue } from './protocol/api-error.ts';
import type { Region } from './region.ts';
import { zonesOf } from './regions.ts';
import { takenNumbers } from './taken-numbers.ts';

export interface PlacementWish {
  readonly subnetId?: string | undefined;
  /** The name of an availability zone. */
  readonly zone?: string | undefined;
  readonly privateIp?: string | undefined;
}

export interface Placement {
  readonly subnet: SubnetRecord;
  /** That of the machine, see subnet.ts. */
  readonly number: number;
  readonly address: string;
}

/**
 * `besides` are numbers that are not free although no record has them yet: those of hosts, and of instances that the
 * same call places. The record must be stored in the same turn, before another call is placed there too. Without a
 * subnet it is the default one of the zone, or of the first zone. Throws ApiErrors.
 */
export function placeInstance(
  { cloud, region }: Context,
  wish: PlacementWish,
  besides: ReadonlySet<number> = new Set(),
): Placement {
  const subnet = wish.subnetId === undefined ? defaultSubnet(region, wish.zone) : region.find('subnets', wish.subnetId);
  if (wish.zone !== undefined && wish.zone !== subnet.zone) {
    const message = `The availability zone ${wish.zone} does not match that of the subnet ${subnet.id}, ${subnet.zone}.`;
    throw new ApiError('InvalidParameterValue', message);
  }
  const numbers = numbersIn(cloud.subnet, subnet);
  if (numbers.length === 0) throw outside(subnet, cloud.subnet.network);
  const taken = takenNumbers(cloud.store.state);
  const isFree = (number: number) => !taken.has(number) && !besides.has(number);
  const number =
    wish.privateIp === undefined
      ? numbers.find(isFree)
      : wished(wish.privateIp, subnet, numberAt(cloud.subnet, wish.privateIp), { numbers, isFree });
  if (number === undefined) {
    const message = `There are not enough free addresses in subnet '${subnet.id}' to satisfy the requested number of instances.`;
    throw new ApiError('InsufficientFreeAddressesInSubnet', message);
  }
  return { subnet, number, address: addressOf(cloud.subnet, number) };
}

interface Numbers {
  readonly numbers: readonly number[];
  readonly isFree: (number: number) => boolean;
}

function wished(address: string, subnet: SubnetRecord, number: number, { numbers, isFree }: Numbers): number {
  const value = parseAddress(address);
  const cidr = parseCidr(subnet.cidr);
  if (value === undefined || cidr === undefined) throw invalidValue(address, 'privateIpAddress', 'It is no address.');
  if (value < cidr.first || value > cidr.last) {
    throw new ApiError('InvalidParameterValue', `Address ${address} does not fall within the subnet's address range`);
  }
  if (!numbers.includes(number)) {
    throw new ApiError('InvalidParameterValue', `Address ${address} is in subnet's reserved address range`);
  }
  if (!isFree(number)) throw new ApiError('InvalidIPAddress.InUse', `Address ${address} is in use.`);
  return number;
}

function defaultSubnet(region: Region, zone: string | undefined): SubnetRecord {
  const zones = zonesOf(region.name);
  if (zone !== undefined && !zones.includes(zone)) {
    throw invalidValue(zone, 'availabilityZone', `The zones of ${region.name} are ${zones.join(', ')}.`);
  }
  const vpc = Object.values(region.state.vpcs).find(({ isDefault }) => isDefault);
  if (vpc === undefined) throw new ApiError('VPCIdNotSpecified', 'No default VPC for this user');
  const subnets = Object.values(region.state.subnets).filter(({ isDefault }) => isDefault);
  const found = zones.flatMap((name) => subnets.filter((subnet) => subnet.zone === name));
  const subnet = found.find((candidate) => zone === undefined || candidate.zone === zone);
  if (subnet !== undefined) return subnet;
  throw new ApiError('MissingInput', `No subnets found for the default VPC '${vpc.id}'. Please specify a subnet.`);
}

/** EC2 has machines everywhere, so it has no code for this; what the sandbox lacks is `UnsupportedOperation`. */
function outside({ id, cidr }: SubnetRecord, network: string): ApiError {
  const message = `The subnet '${id}' (${cidr}) has no address that a machine of this sandbox can have: create a VPC and a subnet inside of ${network}.`;
  return new ApiError('UnsupportedOperation', message);
}
