/** Subnets as the API shows them. */

import type { Subnet } from '@aws-sdk/client-ec2';
import type { Context } from './action.ts';
import { type Facets, tagFacets } from './filters.ts';
import { freeNumbers } from './free-numbers.ts';
import type { SubnetRecord } from './network-records.ts';
import type { Region } from './region.ts';
import { zoneIdOf } from './regions.ts';
import { shownTags } from './tags.ts';

export function shownSubnet(subnet: SubnetRecord, { cloud, region }: Context): Subnet {
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

export function subnetFacets({ cloud, region }: Context): Facets<SubnetRecord> {
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
