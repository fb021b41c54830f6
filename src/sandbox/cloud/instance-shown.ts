/** Instances as the API shows them. */

import type { Instance, InstanceNetworkInterface, InstanceState as ShownState } from '@aws-sdk/client-ec2';
import { hardwareAddressOf, type Subnet } from '../subnet.ts';
import { privateNameOf, publicAddressOf } from './instance-addresses.ts';
import { exists, type InstanceRecord, type InstanceState } from './instance-record.ts';
import { instanceType } from './instance-type.ts';
import { shownMetadata } from './metadata-options.ts';
import { attachmentOf } from './shown-interface.ts';
import { ACCOUNT, type RegionState } from './state.ts';
import { shownTags } from './tags.ts';

/** Where instances are, as far as showing them needs it. */
export interface Surroundings {
  readonly region: string;
  readonly state: RegionState;
  /** The sandbox's network. */
  readonly subnet: Subnet;
}

export const STATE_CODES: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export function shownState(state: InstanceState): ShownState {
  return { Code: STATE_CODES[state], Name: state };
}

export function shownInstance(instance: InstanceRecord, around: Surroundings): Instance {
  const { state } = around;
  const image = state.images[instance.imageId];
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    State: shownState(instance.state),
    StateTransitionReason: instance.transition,
    ...(instance.reason === undefined
      ? {}
      : { StateReason: { Code: instance.reason.code, Message: instance.reason.message } }),
    InstanceType: instanceType(instance.type),
    ...(instance.keyName === undefined ? {} : { KeyName: instance.keyName }),
    AmiLaunchIndex: instance.launchIndex,
    LaunchTime: new Date(instance.launchedAt),
    Placement: { AvailabilityZone: instance.zone, GroupName: '', Tenancy: 'default' },
    Monitoring: { State: instance.monitored ? 'enabled' : 'disabled' },
    ...(exists(instance)
      ? network(instance, around)
      : { PrivateDnsName: '', PublicDnsName: '', NetworkInterfaces: [], SecurityGroups: [] }),
    Architecture: image?.architecture ?? 'x86_64',
    RootDeviceName: instance.rootDevice,
    RootDeviceType: 'ebs',
    BlockDeviceMappings: exists(instance) ? instance.devices.map(shownDevice) : [],
    ClientToken: instance.token ?? '',
    EbsOptimized: instance.ebsOptimized,
    EnaSupport: true,
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    ProductCodes: [],
    ...(instance.profile === undefined
      ? {}
      : { IamInstanceProfile: { Arn: instance.profile.arn, Id: instance.profile.id } }),
    Tags: shownTags(instance.tags),
    CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
    HibernationOptions: { Configured: false },
    EnclaveOptions: { Enabled: false },
    MetadataOptions: shownMetadata(instance.metadata),
    MaintenanceOptions: { AutoRecovery: 'default', RebootMigration: 'default' },
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    UsageOperationUpdateTime: new Date(instance.createdAt),
    PrivateDnsNameOptions: DNS_OPTIONS,
    CurrentInstanceBootMode: 'legacy-bios',
  };
}

const DNS_OPTIONS = {
  HostnameType: 'ip-name',
  EnableResourceNameDnsARecord: false,
  EnableResourceNameDnsAAAARecord: false,
} as const;

function network(instance: InstanceRecord, around: Surroundings): Partial<Instance> {
  const publicAddress = publicAddressOf(instance);
  return {
    PrivateIpAddress: instance.address,
    PrivateDnsName: privateNameOf(instance.address, around.region),
    // The name of a public address would lead clients to somebody else's machine.
    PublicDnsName: '',
    ...(publicAddress === undefined ? {} : { PublicIpAddress: publicAddress }),
    SubnetId: instance.subnetId,
    VpcId: instance.vpcId,
    SourceDestCheck: instance.sourceDestCheck,
    SecurityGroups: shownGroups(instance, around.state),
    NetworkInterfaces: [shownInterface(instance, around)],
  };
}

function shownGroups({ groupIds }: InstanceRecord, { securityGroups }: RegionState) {
  return groupIds.map((id) => ({ GroupId: id, GroupName: securityGroups[id]?.name ?? '' }));
}

function shownInterface(instance: InstanceRecord, around: Surroundings): InstanceNetworkInterface {
  const publicAddress = publicAddressOf(instance);
  const association =
    publicAddress === undefined
      ? {}
      : { Association: { IpOwnerId: 'amazon', PublicDnsName: '', PublicIp: publicAddress } };
  const name = { PrivateDnsName: privateNameOf(instance.address, around.region), PrivateIpAddress: instance.address };
  return {
    NetworkInterfaceId: instance.interfaceId,
    OwnerId: ACCOUNT,
    Status: 'in-use',
    InterfaceType: 'interface',
    Description: '',
    MacAddress: hardwareAddressOf(around.subnet, instance.number),
    SubnetId: instance.subnetId,
    VpcId: instance.vpcId,
    SourceDestCheck: instance.sourceDestCheck,
    Groups: shownGroups(instance, around.state),
    Ipv6Addresses: [],
    ...name,
    ...association,
    PrivateIpAddresses: [{ Primary: true, ...name, ...association }],
    Attachment: {
      AttachmentId: attachmentOf(instance),
      AttachTime: new Date(instance.createdAt),
      DeleteOnTermination: true,
      DeviceIndex: 0,
      NetworkCardIndex: 0,
      Status: 'attached',
    },
  };
}

function shownDevice({ name, volumeId, deleteOnTermination, attachedAt }: InstanceRecord['devices'][number]) {
  return {
    DeviceName: name,
    Ebs: {
      VolumeId: volumeId,
      Status: 'attached' as const,
      AttachTime: new Date(attachedAt),
      DeleteOnTermination: deleteOnTermination,
    },
  };
}
