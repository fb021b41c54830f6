/** Images: finding, registering, copying and deregistering them. */

import type {
  CopyImageRequest,
  CopyImageResult,
  DeregisterImageRequest,
  DeregisterImageResult,
  DescribeImagesRequest,
  DescribeImagesResult,
  RegisterImageRequest,
  RegisterImageResult,
} from '@aws-sdk/client-ec2';
import type { Action, Actions, Context } from '../action.ts';
import { DISTRIBUTOR } from '../base-images.ts';
import { type Facets, filtered, tagFacets } from '../filters.ts';
import { maySee, ownImage, ownsAs, visibleImage } from '../find-image.ts';
import { requestedDevices } from '../image-devices.ts';
import { freeImageName, imageName } from '../image-name.ts';
import type { ImageDevice, ImageRecord, SnapshotRecord } from '../image-record.ts';
import { shownImage } from '../image-shown.ts';
import { paginate } from '../paginate.ts';
import { ApiError, invalidValue } from '../protocol/api-error.ts';
import { newId, notFound, shapeOfId } from '../resource-ids.ts';
import { ACCOUNT, type Tags } from '../state.ts';
import { allowTagTypes, tagsFor } from '../tags.ts';

const FACETS: Facets<ImageRecord> = {
  architecture: ({ architecture }) => [architecture],
  'block-device-mapping.delete-on-termination': ({ devices }) => devices.map((device) => device.deleteOnTermination),
  'block-device-mapping.device-name': ({ devices }) => devices.map(({ device }) => device),
  'block-device-mapping.encrypted': ({ devices }) => devices.map(({ encrypted }) => encrypted),
  'block-device-mapping.snapshot-id': ({ devices }) => devices.map(({ snapshotId }) => snapshotId),
  'block-device-mapping.volume-size': ({ devices }) => devices.map(({ size }) => size),
  'block-device-mapping.volume-type': ({ devices }) => devices.map(({ type }) => type),
  'creation-date': ({ createdAt }) => [new Date(createdAt).toISOString()],
  description: ({ description }) => [description],
  'ena-support': () => [true],
  hypervisor: () => ['xen'],
  'image-id': ({ id }) => [id],
  'image-type': () => ['machine'],
  'is-public': ({ launchPermissions }) => [launchPermissions.includes('all')],
  name: ({ name }) => [name],
  'owner-alias': ({ owner }) => [owner === DISTRIBUTOR.account ? DISTRIBUTOR.alias : undefined],
  'owner-id': ({ owner }) => [owner],
  'root-device-name': ({ rootDevice }) => [rootDevice],
  'root-device-type': () => ['ebs'],
  'source-instance-id': ({ sourceInstanceId }) => [sourceInstanceId],
  'source-image-id': ({ sourceImageId }) => [sourceImageId],
  'source-image-region': ({ sourceImageRegion }) => [sourceImageRegion],
  state: ({ state, disabled }) => [disabled ? 'disabled' : state],
  'virtualization-type': () => ['hvm'],
  ...tagFacets(({ tags }) => tags),
};

const describeImages: Action<DescribeImagesRequest, DescribeImagesResult> = (input, { region, now }) => {
  const { ImageIds: ids = [], Owners: owners = [], ExecutableUsers: users = [] } = input;
  const visible = region
    .all('images')
    .filter(({ owner, launchPermissions }) => maySee(ACCOUNT, owner, launchPermissions));
  for (const id of ids) {
    const wrong = shapeOfId('images', id);
    if (wrong !== undefined) throw wrong;
  }
  const missing = ids.filter((id) => !visible.some((image) => image.id === id));
  if (missing.length > 0) throw notFound('images', missing);
  const named = visible.filter((image) => {
    if (ids.length > 0 && !ids.includes(image.id)) return false;
    if (owners.length > 0 && !owners.some((owner) => ownsAs(image.owner, owner))) return false;
    if (users.length > 0 && !users.some((user) => isExecutable(image, user))) return false;
    if (image.disabled && !(input.IncludeDisabled ?? false) && ids.length === 0) return false;
    // Owners see their deprecated images anyway.
    const deprecated = image.deprecatedAt !== undefined && image.deprecatedAt <= now && image.owner !== ACCOUNT;
    return !deprecated || (input.IncludeDeprecated ?? false) || ids.length > 0;
  });
  const { items, next } = paginate(filtered(named, input.Filters, FACETS), input.MaxResults, input.NextToken);
  return { Images: items.map(shownImage), ...(next === undefined ? {} : { NextToken: next }) };
};

function isExecutable({ owner, launchPermissions }: ImageRecord, user: string): boolean {
  if (user === 'self') return owner !== ACCOUNT && launchPermissions.includes(ACCOUNT);
  return launchPermissions.includes(user);
}

const registerImage: Action<RegisterImageRequest, RegisterImageResult> = (input, context) => {
  const { region, now } = context;
  allowTagTypes(['image'], input.TagSpecifications);
  const name = freeImageName(region, imageName(input.Name));
  const rootDevice = input.RootDeviceName ?? '/dev/sda1';
  const devices = requestedDevices(region, input.BlockDeviceMappings ?? []);
  if (devices.find(({ device }) => device === rootDevice)?.snapshotId === undefined) {
    throw new ApiError('InvalidParameterCombination', `No snapshot is given for the root device ${rootDevice}`);
  }
  const architecture = input.Architecture ?? 'x86_64';
  if (architecture !== 'x86_64' && architecture !== 'arm64') {
    throw invalidValue(architecture, 'architecture', 'The sandbox has images for x86_64 and arm64.');
  }
  const image: ImageRecord = {
    id: newId('images'),
    tags: tagsFor('image', input.TagSpecifications),
    createdAt: now,
    name,
    description: input.Description ?? '',
    state: 'available',
    owner: ACCOUNT,
    architecture,
    rootDevice,
    devices,
    launchPermissions: [],
    protection: 'disabled',
    disabled: false,
    ...(input.ImdsSupport === 'v2.0' ? { imdsSupport: 'v2.0' as const } : {}),
  };
  region.put('images', image);
  return { ImageId: image.id };
};

const deregisterImage: Action<DeregisterImageRequest, DeregisterImageResult> = (input, { region, cloud }) => {
  const image = ownImage(region, input.ImageId ?? '');
  if (image.protection !== 'disabled') {
    throw new ApiError('OperationNotPermitted', `The image ${image.id} has deregistration protection enabled.`);
  }
  region.remove('images', image.id);
  if (!(input.DeleteAssociatedSnapshots ?? false)) return { Return: true };
  const results = image.devices.flatMap(({ snapshotId }) => {
    if (snapshotId === undefined || region.state.snapshots[snapshotId]?.owner !== ACCOUNT) return [];
    const used = Object.values(region.state.images).some((other) => usesSnapshot(other, snapshotId));
    if (!used) region.remove('snapshots', snapshotId);
    return [{ SnapshotId: snapshotId, ReturnCode: used ? ('skipped' as const) : ('success' as const) }];
  });
  cloud.later(`removing the disks of ${image.id}`, () => cloud.disks.collect(cloud.store.state));
  return { Return: true, DeleteSnapshotResults: results };
};

function usesSnapshot({ devices }: ImageRecord, id: string): boolean {
  return devices.some(({ snapshotId }) => snapshotId === id);
}

const copyImage: Action<CopyImageRequest, CopyImageResult> = (input, context) => {
  const { region, regionNamed, now, cloud } = context;
  allowTagTypes(['image', 'snapshot'], input.TagSpecifications);
  const name = imageName(input.Name);
  const source = visibleImage(regionNamed(input.SourceRegion ?? ''), input.SourceImageId ?? '');
  if (source.state !== 'available') {
    throw new ApiError('InvalidAMIID.Unavailable', `The image ${source.id} is ${source.state}, not available`);
  }
  const known = copyWithToken(context, input);
  if (known !== undefined) return { ImageId: known };
  freeImageName(region, name);
  const encrypted = input.Encrypted ?? false;
  const tags = tagsFor('snapshot', input.TagSpecifications);
  const made = source.devices.map((device) => copiedDevice(context, device, { ...input, encrypted, tags }));
  const image: ImageRecord = {
    id: newId('images'),
    tags: {
      ...((input.CopyImageTags ?? false) ? userTags(source.tags) : {}),
      ...tagsFor('image', input.TagSpecifications),
    },
    createdAt: now,
    name,
    description: input.Description ?? '',
    state: 'pending',
    owner: ACCOUNT,
    architecture: source.architecture,
    rootDevice: source.rootDevice,
    devices: made.map(({ device }) => device),
    launchPermissions: [],
    protection: 'disabled',
    disabled: false,
    ...(source.imdsSupport === undefined ? {} : { imdsSupport: source.imdsSupport }),
    sourceImageId: source.id,
    sourceImageRegion: input.SourceRegion ?? '',
    ...(input.ClientToken === undefined ? {} : { token: input.ClientToken }),
  };
  for (const { snapshot } of made) if (snapshot !== undefined) region.put('snapshots', snapshot);
  region.put('images', image);
  const here = cloud.region(region.name);
  cloud.later(`copying ${source.id} to ${image.id}`, async () => {
    for (const { snapshot, layers } of made) {
      if (snapshot !== undefined)
        here.change('snapshots', snapshot.id, (old) => ({ ...old, state: 'completed', layers }));
    }
    here.change('images', image.id, (old) => ({ ...old, state: 'available' }));
  });
  return { ImageId: image.id };
};

/** The image that an earlier call with the same token made. */
function copyWithToken(
  { region }: Context,
  { ClientToken, SourceImageId, Name }: CopyImageRequest,
): string | undefined {
  if (ClientToken === undefined) return undefined;
  const earlier = Object.values(region.state.images).find(({ token }) => token === ClientToken);
  if (earlier === undefined) return undefined;
  if (earlier.sourceImageId === SourceImageId && earlier.name === Name) return earlier.id;
  throw new ApiError('IdempotentParameterMismatch', 'The client token was used before with other parameters');
}

interface Copying {
  readonly encrypted: boolean;
  readonly KmsKeyId?: string | undefined;
  readonly SourceRegion?: string | undefined;
  readonly tags: Tags;
}

interface Copied {
  readonly device: ImageDevice;
  readonly snapshot?: SnapshotRecord;
  readonly layers: readonly string[];
}

/** Copies share the layers of what they copy: these are never written. */
function copiedDevice({ now, regionNamed }: Context, device: ImageDevice, copying: Copying): Copied {
  const { encrypted, KmsKeyId, tags, SourceRegion = '' } = copying;
  const source =
    device.snapshotId === undefined ? undefined : regionNamed(SourceRegion).state.snapshots[device.snapshotId];
  if (source === undefined) return { device, layers: [] };
  const snapshot: SnapshotRecord = {
    id: newId('snapshots'),
    tags,
    createdAt: now,
    state: 'pending',
    owner: ACCOUNT,
    description: `Copied for DestinationAmi from SourceAmi for SourceSnapshot ${source.id}`,
    volumeId: 'vol-ffffffff',
    size: source.size,
    encrypted: encrypted || source.encrypted,
    ...(KmsKeyId === undefined ? {} : { kmsKeyId: KmsKeyId }),
    createPermissions: [],
    layers: [],
  };
  return {
    device: { ...device, snapshotId: snapshot.id, encrypted: snapshot.encrypted },
    snapshot,
    layers: source.layers,
  };
}

function userTags(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !/^aws:/i.test(key)));
}

export const IMAGE_ACTIONS: Actions = {
  DescribeImages: describeImages,
  RegisterImage: registerImage,
  DeregisterImage: deregisterImage,
  CopyImage: copyImage,
};
