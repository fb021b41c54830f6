/** The filters of DescribeInstances. */

import type { Instance } from '@aws-sdk/client-ec2';
import type { Facets } from './filters.ts';
import { tagFacets } from './filters.ts';
import type { InstanceRecord } from './instance-record.ts';
import { ACCOUNT } from './state.ts';

/** A record, and how it is shown: filters look at what the client gets. */
export interface Listed {
  readonly record: InstanceRecord;
  readonly shown: Instance;
}

const interfaceOf = ({ shown }: Listed) => shown.NetworkInterfaces ?? [];
const devicesOf = ({ shown }: Listed) => shown.BlockDeviceMappings ?? [];
const groupsOf = ({ shown }: Listed) => shown.SecurityGroups ?? [];
const zoned = ({ record }: Listed) => [record.zone];

export const INSTANCE_FACETS: Facets<Listed> = {
  architecture: ({ shown }) => [shown.Architecture],
  'availability-zone': zoned,
  'block-device-mapping.attach-time': (one) => devicesOf(one).map(({ Ebs }) => Ebs?.AttachTime?.toISOString()),
  'block-device-mapping.delete-on-termination': (one) => devicesOf(one).map(({ Ebs }) => Ebs?.DeleteOnTermination),
  'block-device-mapping.device-name': (one) => devicesOf(one).map(({ DeviceName }) => DeviceName),
  'block-device-mapping.status': (one) => devicesOf(one).map(({ Ebs }) => Ebs?.Status),
  'block-device-mapping.volume-id': (one) => devicesOf(one).map(({ Ebs }) => Ebs?.VolumeId),
  'client-token': ({ shown }) => [shown.ClientToken],
  'dns-name': ({ shown }) => [shown.PublicDnsName],
  'ebs-optimized': ({ shown }) => [shown.EbsOptimized],
  'ena-support': ({ shown }) => [shown.EnaSupport],
  'enclave-options.enabled': () => [false],
  'hibernation-options.configured': () => [false],
  hypervisor: ({ shown }) => [shown.Hypervisor],
  'iam-instance-profile.arn': ({ shown }) => [shown.IamInstanceProfile?.Arn],
  'iam-instance-profile.id': ({ shown }) => [shown.IamInstanceProfile?.Id],
  'image-id': ({ record }) => [record.imageId],
  'instance-id': ({ record }) => [record.id],
  'instance-lifecycle': () => [],
  'instance-state-code': ({ shown }) => [shown.State?.Code],
  'instance-state-name': ({ record }) => [record.state],
  'instance-type': ({ record }) => [record.type],
  'instance.group-id': (one) => groupsOf(one).map(({ GroupId }) => GroupId),
  'instance.group-name': (one) => groupsOf(one).map(({ GroupName }) => GroupName),
  'group-id': (one) => groupsOf(one).map(({ GroupId }) => GroupId),
  'group-name': (one) => groupsOf(one).map(({ GroupName }) => GroupName),
  'ip-address': ({ shown }) => [shown.PublicIpAddress],
  'key-name': ({ record }) => [record.keyName],
  'launch-index': ({ record }) => [record.launchIndex],
  'launch-time': ({ shown }) => [shown.LaunchTime?.toISOString()],
  'maintenance-options.auto-recovery': () => ['default'],
  'metadata-options.http-endpoint': ({ record }) => [record.metadata.endpoint],
  'metadata-options.http-put-response-hop-limit': ({ record }) => [record.metadata.hopLimit],
  'metadata-options.http-tokens': ({ record }) => [record.metadata.tokens],
  'metadata-options.instance-metadata-tags': ({ record }) => [record.metadata.tags],
  'metadata-options.state': () => ['applied'],
  'monitoring-state': ({ shown }) => [shown.Monitoring?.State],
  'network-interface.addresses.primary': (one) => interfaceOf(one).map(() => true),
  'network-interface.addresses.private-ip-address': (one) => interfaceOf(one).map((card) => card.PrivateIpAddress),
  'network-interface.addresses.association.public-ip': (one) =>
    interfaceOf(one).map((card) => card.Association?.PublicIp),
  'network-interface.association.public-ip': (one) => interfaceOf(one).map((card) => card.Association?.PublicIp),
  'network-interface.attachment.attachment-id': (one) => interfaceOf(one).map((card) => card.Attachment?.AttachmentId),
  'network-interface.attachment.delete-on-termination': (one) => interfaceOf(one).map(() => true),
  'network-interface.attachment.device-index': (one) => interfaceOf(one).map((card) => card.Attachment?.DeviceIndex),
  'network-interface.attachment.instance-id': (one) => interfaceOf(one).map(() => one.record.id),
  'network-interface.attachment.status': (one) => interfaceOf(one).map((card) => card.Attachment?.Status),
  'network-interface.availability-zone': zoned,
  'network-interface.description': (one) => interfaceOf(one).map((card) => card.Description),
  'network-interface.group-id': (one) =>
    interfaceOf(one).flatMap((card) => (card.Groups ?? []).map(({ GroupId }) => GroupId)),
  'network-interface.group-name': (one) =>
    interfaceOf(one).flatMap((card) => (card.Groups ?? []).map(({ GroupName }) => GroupName)),
  'network-interface.mac-address': (one) => interfaceOf(one).map((card) => card.MacAddress),
  'network-interface.network-interface-id': (one) => interfaceOf(one).map((card) => card.NetworkInterfaceId),
  'network-interface.owner-id': (one) => interfaceOf(one).map((card) => card.OwnerId),
  'network-interface.private-dns-name': (one) => interfaceOf(one).map((card) => card.PrivateDnsName),
  'network-interface.private-ip-address': (one) => interfaceOf(one).map((card) => card.PrivateIpAddress),
  'network-interface.source-dest-check': (one) => interfaceOf(one).map((card) => card.SourceDestCheck),
  'network-interface.status': (one) => interfaceOf(one).map((card) => card.Status),
  'network-interface.subnet-id': (one) => interfaceOf(one).map((card) => card.SubnetId),
  'network-interface.tag-key': ({ record }) => Object.keys(record.interfaceTags),
  'network-interface.tag-value': ({ record }) => Object.values(record.interfaceTags),
  'network-interface.vpc-id': (one) => interfaceOf(one).map((card) => card.VpcId),
  'owner-id': () => [ACCOUNT],
  'placement-group-name': () => [],
  platform: () => [],
  'platform-details': ({ shown }) => [shown.PlatformDetails],
  'private-dns-name': ({ shown }) => [shown.PrivateDnsName],
  'private-ip-address': ({ shown }) => [shown.PrivateIpAddress],
  reason: ({ record }) => [record.transition],
  'reservation-id': ({ record }) => [record.reservationId],
  'root-device-name': ({ record }) => [record.rootDevice],
  'root-device-type': () => ['ebs'],
  'source-dest-check': ({ shown }) => [shown.SourceDestCheck],
  'state-reason-code': ({ record }) => [record.reason?.code],
  'state-reason-message': ({ record }) => [record.reason?.message],
  'subnet-id': ({ shown }) => [shown.SubnetId],
  tenancy: () => ['default'],
  'usage-operation': () => ['RunInstances'],
  'virtualization-type': ({ shown }) => [shown.VirtualizationType],
  'vpc-id': ({ shown }) => [shown.VpcId],
  ...tagFacets(({ record }) => record.tags),
};
