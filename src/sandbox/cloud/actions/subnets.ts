/** Subnets. Each is in one zone; machines can be in those only that lie in the sandbox's own network. */

import type {
  CreateSubnetRequest,
  CreateSubnetResult,
  DeleteSubnetRequest,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  ModifySubnetAttributeRequest,
  Subnet,
} from '@aws-sdk/client-ec2';
import type { Action, Actions, Context } from '../action.ts';
import { cidrText, parseCidr, shared, within } from '../cidr.ts';
import { type Facets, filtered, tagFacets } from '../filters.ts';
import { freeNumbers } from '../free-numbers.ts';
import { exists } from '../instance-record.ts';
import { listed } from '../listed.ts';
import type { SubnetRecord } from '../network-records.ts';
import { only } from '../only.ts';
import { paginate } from '../paginate.ts';
import { ApiError, invalidValue, missingParameter } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import { zoneIdOf, zonesOf } from '../regions.ts';
import { newId } from '../resource-ids.ts';
import { allowTagTypes, shownTags, tagsFor } from '../tags.ts';

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
  return { Subnet: shown(subnet, context) };
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
  const found = filtered(listed(context.region, 'subnets', input.SubnetIds), input.Filters, facets(context));
  const { items, next } = paginate(found, input.MaxResults, input.NextToken);
  return { Subnets: items.map((subnet) => shown(subnet, context)), NextToken: next };
};

const deleteSubnet: Action<DeleteSubnetRequest, object> = ({ SubnetId = '' }, { region }) => {
  const { id } = region.find('subnets', SubnetId);
  if (Object.values(region.state.instances).some((instance) => instance.subnetId === id && exists(instance))) {
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

function shown(subnet: SubnetRecord, { cloud, region }: Context): Subnet {
  const { account } = cloud.store.state;
  return {
    SubnetId: subnet.id,
    SubnetArn: arnOf(subnet, region, account),
    OwnerId: account,
    VpcId: subnet.vpcId,
    State: 'available',
    CidrBlock: subnet.cidr,
    Ipv6CidrBlockAssociationSet: [],
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: zoneIdOf(region.name, subnet.zone),
    AvailableIpAddressCount: freeNumbers(cloud, subnet).length,
    DefaultForAz: subnet.isDefault,
    MapPublicIpOnLaunch: subnet.mapPublicIp,
    MapCustomerOwnedIpOnLaunch: false,
    AssignIpv6AddressOnCreation: false,
    EnableDns64: false,
    Ipv6Native: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: subnet.hostnameType,
      EnableResourceNameDnsARecord: subnet.dnsRecord,
      EnableResourceNameDnsAAAARecord: false,
    },
    Tags: shownTags(subnet.tags),
  };
}

function arnOf({ id }: SubnetRecord, { name }: Region, account: string): string {
  return `arn:aws:ec2:${name}:${account}:subnet/${id}`;
}

function facets({ cloud, region }: Context): Facets<SubnetRecord> {
  const { account } = cloud.store.state;
  const cidr = (subnet: SubnetRecord) => [subnet.cidr];
  const zone = (subnet: SubnetRecord) => [subnet.zone];
  const zoneId = (subnet: SubnetRecord) => [zoneIdOf(region.name, subnet.zone)];
  const isDefault = (subnet: SubnetRecord) => [subnet.isDefault];
  return {
    'subnet-id': ({ id }) => [id],
    'subnet-arn': (subnet) => [arnOf(subnet, region, account)],
    'vpc-id': ({ vpcId }) => [vpcId],
    cidr,
    'cidr-block': cidr,
    cidrBlock: cidr,
    'availability-zone': zone,
    availabilityZone: zone,
    'availability-zone-id': zoneId,
    availabilityZoneId: zoneId,
    'available-ip-address-count': (subnet) => [freeNumbers(cloud, subnet).length],
    'default-for-az': isDefault,
    defaultForAz: isDefault,
    'map-public-ip-on-launch': ({ mapPublicIp }) => [mapPublicIp],
    state: () => ['available'],
    'owner-id': () => [account],
    ...tagFacets<SubnetRecord>(({ tags }) => tags),
  };
}

export const SUBNET_ACTIONS: Actions = {
  CreateSubnet: createSubnet,
  DescribeSubnets: describeSubnets,
  DeleteSubnet: deleteSubnet,
  ModifySubnetAttribute: modifySubnetAttribute,
};
