/** Subnets. Each is in one zone; machines can be in those only that lie in the sandbox's own network. */

import type {
  CreateSubnetRequest,
  CreateSubnetResult,
  DeleteSubnetRequest,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  ModifySubnetAttributeRequest,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { cidrText, parseCidr, shared, within } from '../cidr.ts';
import { filtered } from '../filters.ts';
import { exists } from '../instance-record.ts';
import { listed } from '../listed.ts';
import type { SubnetRecord } from '../network-records.ts';
import { only } from '../only.ts';
import { paginate } from '../paginate.ts';
import { ApiError, invalidValue, missingParameter } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import { zoneIdOf, zonesOf } from '../regions.ts';
import { newId } from '../resource-ids.ts';
import { shownSubnet, subnetFacets } from '../shown-subnet.ts';
import { allowTagTypes, tagsFor } from '../tags.ts';

const createSubnet: Action<CreateSubnetRequest, CreateSubnetResult> = (input, context) => {
  only(input, ['VpcId', 'CidrBlock', 'AvailabilityZone', 'AvailabilityZoneId', 'TagSpecifications']);
  const { VpcId = '', CidrBlock, TagSpecifications } = input;
  const { region } = context;
  const vpc = region.find('vpcs', VpcId);
  if (CidrBlock === undefined) throw missingParameter('cidrBlock');
  const cidr = parseCidr(CidrBlock);
  if (cidr === undefined) throw invalidValue(CidrBlock, 'cidrBlock', 'This is not a valid CIDR block.');
  const whole = parseCidr(vpc.cidr);
  if (cidr.prefix < 16 || cidr.prefix > 28 || whole === undefined || !within(cidr, whole)) {
    throw new ApiError('InvalidSubnet.Range', `The CIDR '${CidrBlock}' is invalid.`);
  }
  const others = Object.values(region.state.subnets).filter(({ vpcId }) => vpcId === vpc.id);
  const conflict = others.some((other) => {
    const taken = parseCidr(other.cidr);
    return taken !== undefined && shared(taken, cidr);
  });
  if (conflict) throw new ApiError('InvalidSubnet.Conflict', `The CIDR '${CidrBlock}' conflicts with another subnet`);
  allowTagTypes(['subnet'], TagSpecifications);
  const subnet: SubnetRecord = {
    id: newId('subnets'),
    tags: tagsFor('subnet', TagSpecifications),
    createdAt: context.now,
    vpcId: vpc.id,
    cidr: cidrText(cidr),
    zone: zoneFor(region, input),
    isDefault: false,
    mapPublicIp: false,
    dnsRecord: false,
    hostnameType: 'ip-name',
  };
  region.put('subnets', subnet);
  return { Subnet: shownSubnet(subnet, context) };
};

function zoneFor({ name }: Region, { AvailabilityZone, AvailabilityZoneId }: CreateSubnetRequest): string {
  const zones = zonesOf(name);
  const wanted = AvailabilityZone ?? zones.find((zone) => zoneIdOf(name, zone) === AvailabilityZoneId);
  const zone = AvailabilityZone === undefined && AvailabilityZoneId === undefined ? zones[0] : wanted;
  if (zone !== undefined && zones.includes(zone)) return zone;
  const message = `Subnets can currently only be created in the following availability zones: ${zones.join(', ')}.`;
  throw invalidValue(AvailabilityZone ?? AvailabilityZoneId ?? '', 'availabilityZone', message);
}

const describeSubnets: Action<DescribeSubnetsRequest, DescribeSubnetsResult> = (input, context) => {
  const found = filtered(listed(context.region, 'subnets', input.SubnetIds), input.Filters, subnetFacets(context));
  const { items, next } = paginate(found, input.MaxResults, input.NextToken);
  return { Subnets: items.map((subnet) => shownSubnet(subnet, context)), NextToken: next };
};

const deleteSubnet: Action<DeleteSubnetRequest, object> = ({ SubnetId = '' }, { region }) => {
  const { id } = region.find('subnets', SubnetId);
  const { instances, loadBalancers } = region.state;
  const isUsed =
    Object.values(instances).some((instance) => instance.subnetId === id && exists(instance)) ||
    Object.values(loadBalancers).some(({ subnetIds }) => subnetIds.includes(id));
  if (isUsed) {
    throw new ApiError('DependencyViolation', `The subnet '${id}' has dependencies and cannot be deleted.`);
  }
  for (const table of Object.values(region.state.routeTables)) {
    if (!table.associations.some(({ subnetId }) => subnetId === id)) continue;
    const associations = table.associations.filter(({ subnetId }) => subnetId !== id);
    region.change('routeTables', table.id, (record) => ({ ...record, associations }));
  }
  region.remove('subnets', id);
  return {};
};

const modifySubnetAttribute: Action<ModifySubnetAttributeRequest, object> = (input, { region }) => {
  const { SubnetId = '', MapPublicIpOnLaunch, PrivateDnsHostnameTypeOnLaunch, ...others } = input;
  const { EnableResourceNameDnsARecordOnLaunch, ...lacking } = others;
  const { id } = region.find('subnets', SubnetId);
  // What is lacking is off already.
  only(Object.fromEntries(Object.entries(lacking).filter(([, value]) => !isOff(value))), []);
  region.change('subnets', id, (subnet) => ({
    ...subnet,
    mapPublicIp: MapPublicIpOnLaunch?.Value ?? subnet.mapPublicIp,
    dnsRecord: EnableResourceNameDnsARecordOnLaunch?.Value ?? subnet.dnsRecord,
    hostnameType: PrivateDnsHostnameTypeOnLaunch ?? subnet.hostnameType,
  }));
  return {};
};

function isOff(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'Value' in value && value.Value === false;
}

export const SUBNET_ACTIONS: Actions = {
  CreateSubnet: createSubnet,
  DescribeSubnets: describeSubnets,
  DeleteSubnet: deleteSubnet,
  ModifySubnetAttribute: modifySubnetAttribute,
};
