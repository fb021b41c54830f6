/** The volumes that new instances get: those of the image, as the call changes them, and more. */

import type { BlockDeviceMapping } from '@aws-sdk/client-ec2';
import { requestedDevices } from './image-devices.ts';
import type { ImageDevice, ImageRecord } from './image-record.ts';
import { ApiError } from './protocol/api-error.ts';
import type { Region } from './region.ts';
import { volumeType } from './volume-type.ts';

/** The root device comes first. Throws ApiErrors. */
export function launchDevices(
  region: Region,
  image: ImageRecord,
  mappings: readonly BlockDeviceMapping[],
): readonly ImageDevice[] {
  const names = new Set(mappings.map(({ DeviceName }) => DeviceName));
  const kept = image.devices.filter(({ device }) => !names.has(device));
  const changed = mappings.map((mapping) => {
    const own = image.devices.find(({ device }) => device === mapping.DeviceName);
    return own === undefined ? mapping : filled(mapping, own);
  });
  const devices = [...kept, ...requestedDevices(region, changed)];
  const root = devices.find(({ device }) => device === image.rootDevice);
  if (root === undefined) {
    throw new ApiError('InvalidBlockDeviceMapping', `The root device ${image.rootDevice} cannot be left out`);
  }
  if (!root.deleteOnTermination) {
    // Its bytes are the machine's disk, which goes with the machine.
    throw new ApiError('UnsupportedOperation', 'In the sandbox a root volume does not outlive its instance.');
  }
  return [root, ...devices.filter((device) => device !== root)];
}

/** What the call does not say is as the image has it. */
function filled(mapping: BlockDeviceMapping, own: ImageDevice): BlockDeviceMapping {
  if (mapping.NoDevice !== undefined || mapping.VirtualName !== undefined) return mapping;
  const sameType = mapping.Ebs?.VolumeType === undefined || mapping.Ebs.VolumeType === own.type;
  const given = Object.entries(mapping.Ebs ?? {}).filter(([, value]) => value !== undefined);
  return {
    ...mapping,
    Ebs: {
      ...(own.snapshotId === undefined ? {} : { SnapshotId: own.snapshotId }),
      VolumeSize: own.size,
      VolumeType: volumeType(own.type),
      ...(sameType && own.iops !== undefined && own.type !== 'gp2' ? { Iops: own.iops } : {}),
      ...(sameType && own.throughput !== undefined ? { Throughput: own.throughput } : {}),
      ...(own.snapshotId === undefined ? { Encrypted: own.encrypted } : {}),
      DeleteOnTermination: own.deleteOnTermination,
      ...Object.fromEntries(given),
    },
  };
}
