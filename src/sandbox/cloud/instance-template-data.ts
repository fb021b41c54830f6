import type { LaunchTemplateBlockDeviceMapping, ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { InstanceRecord } from './instance-record.ts';
import type { Region } from './region.ts';
import { shownTags } from './tags.ts';
import { volumeType } from './volume-type.ts';

/** The data of a launch template that would launch an instance like this one. */
export function instanceTemplateData(instance: InstanceRecord, region: Region): object {
  const { metadata, profile, keyName, userData, credits } = instance;
  const data: Omit<ResponseLaunchTemplateData, 'InstanceType'> & { readonly InstanceType: string } = {
    ImageId: instance.imageId,
    InstanceType: instance.type,
    ...(keyName === undefined ? {} : { KeyName: keyName }),
    ...(userData === undefined ? {} : { UserData: userData }),
    ...(profile === undefined ? {} : { IamInstanceProfile: { Arn: profile.arn } }),
    ...(credits === undefined ? {} : { CreditSpecification: { CpuCredits: credits } }),
    BlockDeviceMappings: devicesOf(instance, region),
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        Description: '',
        DeleteOnTermination: true,
        Groups: [...instance.groupIds],
        SubnetId: instance.subnetId,
        InterfaceType: 'interface',
      },
    ],
    Placement: { AvailabilityZone: instance.zone, GroupName: '', Tenancy: 'default' },
    MetadataOptions: {
      HttpEndpoint: metadata.endpoint,
      HttpTokens: metadata.tokens,
      HttpPutResponseHopLimit: metadata.hopLimit,
      InstanceMetadataTags: metadata.tags,
    },
    Monitoring: { Enabled: instance.monitored },
    EbsOptimized: instance.ebsOptimized,
    DisableApiTermination: instance.keepFromTermination,
    DisableApiStop: instance.keepFromStop,
    InstanceInitiatedShutdownBehavior: instance.onShutdown,
    TagSpecifications: [{ ResourceType: 'instance', Tags: shownTags(instance.tags) }],
  };
  return data;
}

function devicesOf(instance: InstanceRecord, region: Region): LaunchTemplateBlockDeviceMapping[] {
  return instance.devices.map(({ name, volumeId, deleteOnTermination }) => {
    const volume = region.state.volumes[volumeId];
    const Ebs = { DeleteOnTermination: deleteOnTermination };
    if (volume === undefined) return { DeviceName: name, Ebs };
    const {
      size: VolumeSize,
      encrypted: Encrypted,
      iops: Iops,
      throughput: Throughput,
      snapshotId: SnapshotId,
    } = volume;
    const type = { VolumeType: volumeType(volume.type) };
    return { DeviceName: name, Ebs: { ...Ebs, ...type, VolumeSize, Encrypted, Iops, Throughput, SnapshotId } };
  });
}
