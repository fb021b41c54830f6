/** CreateImage: the disks of an instance, captured. */

import type { CreateImageRequest, CreateImageResult } from '@aws-sdk/client-ec2';
import type { Action, Actions, Context } from '../action.ts';
import { requestedDevices } from '../image-devices.ts';
import { freeImageName, imageName } from '../image-name.ts';
import type { ImageDevice, ImageRecord, SnapshotRecord, VolumeRecord } from '../image-record.ts';
import type { InstanceRecord } from '../instance-record.ts';
import { ApiError } from '../protocol/api-error.ts';
import { newId } from '../resource-ids.ts';
import { layersOfVolume } from '../snapshot-volume.ts';
import { ACCOUNT } from '../state.ts';
import { allowTagTypes, tagsFor } from '../tags.ts';
import { whileOff } from '../while-off.ts';

const createImage: Action<CreateImageRequest, CreateImageResult> = (input, context) => {
  const { region, now } = context;
  allowTagTypes(['image', 'snapshot'], input.TagSpecifications);
  const name = imageName(input.Name);
  const instance = region.find('instances', input.InstanceId ?? '');
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    throw new ApiError('IncorrectState', `Instance is not in state 'running' or 'stopped'.`);
  }
  freeImageName(region, name);
  const captures = capturesOf(context, instance, input);
  const added = requestedDevices(
    region,
    (input.BlockDeviceMappings ?? []).filter(
      ({ DeviceName }) => !instance.devices.some((one) => one.name === DeviceName),
    ),
  );
  const image: ImageRecord = {
    id: newId('images'),
    tags: tagsFor('image', input.TagSpecifications),
    createdAt: now,
    name,
    description: input.Description ?? '',
    state: 'pending',
    owner: ACCOUNT,
    architecture: region.state.images[instance.imageId]?.architecture ?? 'x86_64',
    rootDevice: instance.rootDevice,
    devices: [...captures.map(({ device }) => device), ...added],
    launchPermissions: [],
    protection: 'disabled',
    disabled: false,
    sourceInstanceId: instance.id,
    sourceImageId: instance.imageId,
    sourceImageRegion: region.name,
    ...(region.state.images[instance.imageId]?.imdsSupport === undefined ? {} : { imdsSupport: 'v2.0' as const }),
  };
  region.put('images', image);
  for (const { snapshot } of captures) region.put('snapshots', { ...snapshot, description: describe(instance, image) });
  const { cloud } = context;
  const here = cloud.region(region.name);
  const reboots = instance.state === 'running' && !(input.NoReboot ?? false);
  cloud.later(`making ${image.id}`, async () => {
    try {
      const work = () => capture({ cloud, region: here }, captures);
      await (reboots ? whileOff({ cloud, region: here }, instance.id, work) : work());
      here.change('images', image.id, (old) => ({ ...old, state: 'available' }));
    } catch (error) {
      fail({ cloud, region: here }, image, error);
    }
    // The image may have been deregistered meanwhile; then nobody needs what was captured.
    await cloud.disks.collect(cloud.store.state);
  });
  return { ImageId: image.id };
};

interface Capture {
  readonly volume: VolumeRecord;
  readonly device: ImageDevice;
  readonly snapshot: SnapshotRecord;
}

/** One for each volume of the instance, as the call's own mappings change it. */
function capturesOf({ region, now }: Context, instance: InstanceRecord, input: CreateImageRequest): readonly Capture[] {
  const tags = tagsFor('snapshot', input.TagSpecifications);
  return instance.devices.flatMap(({ name, volumeId, deleteOnTermination }) => {
    const volume = region.state.volumes[volumeId];
    const wanted = input.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === name);
    if (volume === undefined || wanted?.NoDevice !== undefined) return [];
    const snapshot: SnapshotRecord = {
      id: newId('snapshots'),
      tags,
      createdAt: now,
      state: 'pending',
      owner: ACCOUNT,
      description: '',
      volumeId,
      size: volume.size,
      encrypted: volume.encrypted,
      ...(volume.kmsKeyId === undefined ? {} : { kmsKeyId: volume.kmsKeyId }),
      createPermissions: [],
      layers: [],
    };
    const device: ImageDevice = {
      device: name,
      snapshotId: snapshot.id,
      size: wanted?.Ebs?.VolumeSize ?? volume.size,
      type: wanted?.Ebs?.VolumeType ?? volume.type,
      iops: volume.iops,
      throughput: volume.throughput,
      encrypted: volume.encrypted,
      deleteOnTermination: wanted?.Ebs?.DeleteOnTermination ?? deleteOnTermination,
    };
    return [{ volume, device, snapshot }];
  });
}

async function capture(context: Pick<Context, 'cloud' | 'region'>, captures: readonly Capture[]): Promise<void> {
  for (const { volume, snapshot } of captures) {
    const layers = await layersOfVolume(context, volume, snapshot.id);
    context.region.change('snapshots', snapshot.id, (old) => ({ ...old, state: 'completed', layers }));
  }
}

function fail({ region }: Pick<Context, 'cloud' | 'region'>, image: ImageRecord, error: unknown): void {
  const failure = error instanceof Error ? error.message : String(error);
  for (const { snapshotId = '' } of image.devices) {
    region.change('snapshots', snapshotId, (old) =>
      old.state === 'pending' ? { ...old, state: 'error', failure } : old,
    );
  }
  region.change('images', image.id, (old) => ({ ...old, state: 'failed', failure }));
}

function describe({ id }: InstanceRecord, image: ImageRecord): string {
  return `Created by CreateImage(${id}) for ${image.id}`;
}

export const CREATE_IMAGE_ACTIONS: Actions = { CreateImage: createImage };
