/** Images as the API shows them. */

import type { BlockDeviceMapping, Image } from '@aws-sdk/client-ec2';
import { DISTRIBUTOR } from './base-images.ts';
import type { ImageDevice, ImageRecord } from './image-record.ts';
import { shownTags } from './tags.ts';
import { volumeType } from './volume-type.ts';

export function shownImage(image: ImageRecord): Image {
  const { owner, failure, deprecatedAt } = image;
  const alias = owner === DISTRIBUTOR.account ? DISTRIBUTOR.alias : undefined;
  return {
    ImageId: image.id,
    ImageLocation: `${alias ?? owner}/${image.name}`,
    ImageType: 'machine',
    Name: image.name,
    ...(image.description === '' ? {} : { Description: image.description }),
    State: image.disabled ? 'disabled' : image.state,
    ...(failure === undefined ? {} : { StateReason: { Code: 'Client.UserInitiated', Message: failure } }),
    OwnerId: owner,
    ...(alias === undefined ? {} : { ImageOwnerAlias: alias }),
    CreationDate: new Date(image.createdAt).toISOString(),
    ...(deprecatedAt === undefined ? {} : { DeprecationTime: new Date(deprecatedAt).toISOString() }),
    ...(image.lastLaunchedAt === undefined ? {} : { LastLaunchedTime: new Date(image.lastLaunchedAt).toISOString() }),
    DeregistrationProtection: image.protection,
    Public: image.launchPermissions.includes('all'),
    Architecture: image.architecture,
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    EnaSupport: true,
    SriovNetSupport: 'simple',
    BootMode: 'uefi-preferred',
    ...(image.imdsSupport === undefined ? {} : { ImdsSupport: image.imdsSupport }),
    RootDeviceName: image.rootDevice,
    RootDeviceType: 'ebs',
    BlockDeviceMappings: image.devices.map(shownDevice),
    ...(image.sourceInstanceId === undefined ? {} : { SourceInstanceId: image.sourceInstanceId }),
    ...(image.sourceImageId === undefined ? {} : { SourceImageId: image.sourceImageId }),
    ...(image.sourceImageRegion === undefined ? {} : { SourceImageRegion: image.sourceImageRegion }),
    Tags: shownTags(image.tags),
  };
}

export function shownDevice(device: ImageDevice): BlockDeviceMapping {
  return {
    DeviceName: device.device,
    Ebs: {
      DeleteOnTermination: device.deleteOnTermination,
      ...(device.snapshotId === undefined ? {} : { SnapshotId: device.snapshotId }),
      VolumeSize: device.size,
      VolumeType: volumeType(device.type),
      Encrypted: device.encrypted,
      ...(device.iops === undefined ? {} : { Iops: device.iops }),
      ...(device.throughput === undefined ? {} : { Throughput: device.throughput }),
    },
  };
}
