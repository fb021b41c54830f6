/** The network interface that each instance has, as the API shows it. */

import type { NetworkInterface } from '@aws-sdk/client-ec2';
import { hardwareAddressOf } from '../subnet.ts';
import type { Context } from './action.ts';
import { type Facets, tagFacets } from './filters.ts';
import { privateNameOf, publicAddressOf } from './instance-addresses.ts';
import type { InstanceRecord } from './instance-record.ts';
import { zoneIdOf } from './regions.ts';
import { stableId } from './stable-id.ts';
import { shownTags } from './tags.ts';

export function shownInterface(instance: InstanceRecord, { cloud, region }: Context): NetworkInterface {
  const { account } = cloud.store.state;
  const PrivateIpAddress = instance.address;
  const PrivateDnsName = privateNameOf(instance.address, region.name);
  const publicAddress = publicAddressOf(instance);
  const association =
    publicAddress === undefined
      ? {}
      : { Association: { IpOwnerId: 'amazon', PublicDnsName: '', PublicIp: publicAddress } };
  return {
    NetworkInterfaceId: instance.interfaceId,
    InterfaceType: 'interface',
    Description: '',
    OwnerId: account,
    RequesterManaged: false,
    Status: 'in-use',
    Attachment: {
      AttachmentId: attachmentOf(instance),
      DeviceIndex: 0,
      NetworkCardIndex: 0,
      InstanceId: instance.id,
      InstanceOwnerId: account,
      Status: 'attached',
      AttachTime: new Date(instance.createdAt),
      DeleteOnTermination: true,
    },
    VpcId: instance.vpcId,
    SubnetId: instance.subnetId,
    AvailabilityZone: instance.zone,
    MacAddress: hardwareAddressOf(cloud.subnet, instance.number),
    PrivateIpAddress,
    PrivateDnsName,
    ...association,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress, PrivateDnsName, ...association }],
    Ipv6Addresses: [],
    Groups: instance.groupIds.map((GroupId) => ({
      GroupId,
      GroupName: region.state.securityGroups[GroupId]?.name,
    })),
    SourceDestCheck: instance.sourceDestCheck,
    TagSet: shownTags(instance.interfaceTags),
  };
}

/** The id of the attachment of an instance's network interface. */
export function attachmentOf({ id }: InstanceRecord): string {
  return stableId('eni-attach', id);
}

export function interfaceFacets(context: Context): Facets<InstanceRecord> {
  const { account } = context.cloud.store.state;
  const mine = () => [account];
  const shown = (facet: (shown: NetworkInterface) => string | undefined) => (instance: InstanceRecord) => [
    facet(shownInterface(instance, context)),
  ];
  return {
    'network-interface-id': ({ interfaceId }) => [interfaceId],
    'attachment.attachment-id': (instance) => [attachmentOf(instance)],
    'attachment.instance-id': ({ id }) => [id],
    'attachment.instance-owner-id': mine,
    'attachment.device-index': () => [0],
    'attachment.status': () => ['attached'],
    'attachment.delete-on-termination': () => [true],
    'addresses.private-ip-address': ({ address }) => [address],
    'addresses.primary': () => [true],
    'private-ip-address': ({ address }) => [address],
    'private-dns-name': shown(({ PrivateDnsName }) => PrivateDnsName),
    'mac-address': shown(({ MacAddress }) => MacAddress),
    'availability-zone': ({ zone }) => [zone],
    'availability-zone-id': ({ zone }) => [zoneIdOf(context.region.name, zone)],
    'subnet-id': ({ subnetId }) => [subnetId],
    'vpc-id': ({ vpcId }) => [vpcId],
    'group-id': ({ groupIds }) => groupIds,
    'group-name': ({ groupIds }) => groupIds.map((id) => context.region.state.securityGroups[id]?.name),
    'interface-type': () => ['interface'],
    description: () => [''],
    'owner-id': mine,
    'requester-id': () => [],
    'requester-managed': () => [false],
    'source-dest-check': ({ sourceDestCheck }) => [sourceDestCheck],
    status: () => ['in-use'],
    ...tagFacets<InstanceRecord>(({ interfaceTags }) => interfaceTags),
  };
}
