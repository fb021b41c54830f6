/** The default VPC and its subnets, made anew where they were deleted. */

import type {
  CreateDefaultSubnetRequest,
  CreateDefaultSubnetResult,
  CreateDefaultVpcRequest,
  CreateDefaultVpcResult,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { parseCidr, shared } from '../cidr.ts';
import { defaultSubnet, defaultVpcRecords } from '../default-network.ts';
import { withRecords } from '../new-vpc.ts';
import { only } from '../only.ts';
import { ApiError, invalidValue } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import { zonesOf } from '../regions.ts';
import { newId } from '../resource-ids.ts';
import { shownSubnet } from '../shown-subnet.ts';
import { shownVpc } from '../shown-vpc.ts';

function defaultVpc(region: Region) {
  return Object.values(region.state.vpcs).find(({ isDefault }) => isDefault);
}

const createDefaultVpc: Action<CreateDefaultVpcRequest, CreateDefaultVpcResult> = (_, context) => {
  const { region, cloud, now } = context;
  if (defaultVpc(region) !== undefined) {
    const message = 'A Default VPC already exists for this account in this region.';
    throw new ApiError('DefaultVpcAlreadyExists', message);
  }
  const records = defaultVpcRecords(region.name, cloud.subnet.network, { idFor: newId, createdAt: now });
  region.update((state) => withRecords(state, records));
  const vpc = defaultVpc(region);
  return vpc === undefined ? {} : { Vpc: shownVpc(vpc, context) };
};

const createDefaultSubnet: Action<CreateDefaultSubnetRequest, CreateDefaultSubnetResult> = (input, context) => {
  only(input, ['AvailabilityZone']);
  const { region, now } = context;
  const { AvailabilityZone: zone = '' } = input;
  if (!zonesOf(region.name).includes(zone)) {
    throw invalidValue(zone, 'availabilityZone', `The zones of ${region.name} are ${zonesOf(region.name).join(', ')}.`);
  }
  const vpc = defaultVpc(region);
  if (vpc === undefined)
    throw new ApiError('DefaultVpcDoesNotExist', 'No default VPC exists for this account in this region.');
  const others = Object.values(region.state.subnets).filter(({ vpcId }) => vpcId === vpc.id);
  const there = others.find((subnet) => subnet.isDefault && subnet.zone === zone);
  if (there !== undefined) {
    const message = `'${there.id}' is already the default subnet in ${zone}.`;
    throw new ApiError('DefaultSubnetAlreadyExistsInAvailabilityZone', message);
  }
  const subnet = { ...defaultSubnet(region.name, vpc, zone), id: newId('subnets'), tags: {}, createdAt: now };
  const cidr = parseCidr(subnet.cidr);
  const isTaken = others.some((other) => {
    const taken = parseCidr(other.cidr);
    return cidr !== undefined && taken !== undefined && shared(cidr, taken);
  });
  if (isTaken) throw new ApiError('InvalidSubnet.Conflict', `The CIDR '${subnet.cidr}' conflicts with another subnet`);
  region.put('subnets', subnet);
  return { Subnet: shownSubnet(subnet, context) };
};

export const DEFAULT_VPC_ACTIONS: Actions = {
  CreateDefaultVpc: createDefaultVpc,
  CreateDefaultSubnet: createDefaultSubnet,
};
