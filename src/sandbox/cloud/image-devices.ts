/** Block device mappings as calls give them. */

import type { BlockDeviceMapping } from '@aws-sdk/client-ec2';
import { visibleSnapshot } from './find-image.ts';
import type { ImageDevice } from './image-record.ts';
import { ApiError } from './protocol/api-error.ts';
import type { Region } from './region.ts';
import { volumeShape } from './volume-type.ts';

/** The devices that the mappings tell of; ephemeral ones, and those with NoDevice, are none. Throws ApiErrors. */
export function requestedDevices(region: Region, mappings: readonly BlockDeviceMapping[]): readonly ImageDevice[] {
  const names = mappings.map(({ DeviceName }) => DeviceName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new ApiError(
      'InvalidBlockDeviceMapping',
      `The device '${twice}' is used in more than one block-device mapping`,
    );
  }
  return mappings.flatMap((mapping) => {
    const device = requestedDevice(region, mapping);
    return device === undefined ? [] : [device];
  });
}

function requestedDevice(region: Region, { DeviceName, Ebs, NoDevice, VirtualName }: BlockDeviceMapping) {
  if (NoDevice !== undefined || VirtualName !== undefined) return undefined;
  if (DeviceName === undefined || DeviceName === '') {
    throw new ApiError('MissingParameter', 'The request must contain the parameter deviceName');
  }
  const snapshot = Ebs?.SnapshotId === undefined ? undefined : visibleSnapshot(region, Ebs.SnapshotId);
  const size = Ebs?.VolumeSize ?? snapshot?.size;
  if (size === undefined) {
    throw new ApiError('MissingParameter', 'The request must contain the parameter size or snapshotId');
  }
  if (snapshot !== undefined && size < snapshot.size) {
    throw new ApiError(
      'InvalidBlockDeviceMapping',
      `Volume of size ${size}GB is smaller than snapshot '${snapshot.id}', expect size >= ${snapshot.size}GB`,
    );
  }
  const shape = volumeShape({ type: Ebs?.VolumeType ?? 'gp2', size, iops: Ebs?.Iops, throughput: Ebs?.Throughput });
  return {
    device: DeviceName,
    ...(snapshot === undefined ? {} : { snapshotId: snapshot.id }),
    ...shape,
    encrypted: Ebs?.Encrypted ?? snapshot?.encrypted ?? false,
    deleteOnTermination: Ebs?.DeleteOnTermination ?? true,
  } satisfies ImageDevice;
}
