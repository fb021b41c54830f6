/** Volumes: making, finding and deleting them. */

import type {
  CreateVolumeRequest,
  DeleteVolumeRequest,
  DescribeVolumeAttributeRequest,
  DescribeVolumeAttributeResult,
  DescribeVolumeStatusRequest,
  DescribeVolumeStatusResult,
  DescribeVolumesModificationsRequest,
  DescribeVolumesModificationsResult,
  DescribeVolumesRequest,
  DescribeVolumesResult,
  Volume,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { type Facets, filtered, tagFacets } from '../filters.ts';
import { visibleSnapshot } from '../find-image.ts';
import type { VolumeRecord } from '../image-record.ts';
import { paginate } from '../paginate.ts';
import { ApiError, invalidValue } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import { zonesOf } from '../regions.ts';
import { newId, notFound, shapeOfId } from '../resource-ids.ts';
import { allowTagTypes, shownTags, tagsFor } from '../tags.ts';
import { volumeShape, volumeType } from '../volume-type.ts';

const FACETS: Facets<VolumeRecord> = {
  'attachment.attach-time': ({ attachment }) => [attachment && new Date(attachment.attachedAt).toISOString()],
  'attachment.delete-on-termination': ({ attachment }) => [attachment?.deleteOnTermination],
  'attachment.device': ({ attachment }) => [attachment?.device],
  'attachment.instance-id': ({ attachment }) => [attachment?.instanceId],
  'attachment.status': ({ attachment }) => [attachment?.state],
  'availability-zone': ({ zone }) => [zone],
  'create-time': ({ createdAt }) => [new Date(createdAt).toISOString()],
  encrypted: ({ encrypted }) => [encrypted],
  'multi-attach-enabled': () => [false],
  size: ({ size }) => [size],
  'snapshot-id': ({ snapshotId }) => [snapshotId],
  status: ({ state }) => [state],
  'volume-id': ({ id }) => [id],
  'volume-type': ({ type }) => [type],
  ...tagFacets(({ tags }) => tags),
};

const describe: Action<DescribeVolumesRequest, DescribeVolumesResult> = (input, { region }) => {
  const volumes = filtered(namedVolumes(region, input.VolumeIds), input.Filters, FACETS);
  const { items, next } = paginate(volumes, input.MaxResults, input.NextToken);
  return { Volumes: items.map(shownVolume), ...(next === undefined ? {} : { NextToken: next }) };
};

function namedVolumes(region: Region, ids: readonly string[] = []): readonly VolumeRecord[] {
  for (const id of ids) {
    const wrong = shapeOfId('volumes', id);
    if (wrong !== undefined) throw wrong;
  }
  const volumes = region.all('volumes');
  const missing = ids.filter((id) => !volumes.some((volume) => volume.id === id));
  if (missing.length > 0) throw notFound('volumes', missing);
  return ids.length === 0 ? volumes : volumes.filter(({ id }) => ids.includes(id));
}

const create: Action<CreateVolumeRequest, Volume> = (input, { region, now, cloud }) => {
  allowTagTypes(['volume'], input.TagSpecifications);
  const zone = input.AvailabilityZone ?? '';
  if (!zonesOf(region.name).includes(zone)) {
    throw new ApiError('InvalidZone.NotFound', `The zone '${zone}' does not exist.`);
  }
  const earlier =
    input.ClientToken === undefined
      ? undefined
      : Object.values(region.state.volumes).find(({ token }) => token === input.ClientToken);
  if (earlier !== undefined) return shownVolume(earlier);
  const snapshot = input.SnapshotId === undefined ? undefined : visibleSnapshot(region, input.SnapshotId);
  if (snapshot !== undefined && snapshot.state !== 'completed') {
    throw new ApiError('IncorrectState', `The snapshot ${snapshot.id} is ${snapshot.state}`);
  }
  const size = input.Size ?? snapshot?.size;
  if (size === undefined)
    throw new ApiError('MissingParameter', 'The request must contain the parameter size/snapshot');
  if (snapshot !== undefined && size < snapshot.size) {
    throw invalidValue(String(size), 'size', `The snapshot ${snapshot.id} has ${snapshot.size} GiB.`);
  }
  const shape = volumeShape({ type: input.VolumeType ?? 'gp2', size, iops: input.Iops, throughput: input.Throughput });
  const volume: VolumeRecord = {
    id: newId('volumes'),
    tags: tagsFor('volume', input.TagSpecifications),
    createdAt: now,
    state: 'creating',
    zone,
    ...shape,
    encrypted: input.Encrypted ?? snapshot?.encrypted ?? false,
    ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
    ...(snapshot === undefined ? {} : { snapshotId: snapshot.id }),
    ...(input.ClientToken === undefined ? {} : { token: input.ClientToken }),
  };
  region.put('volumes', volume);
  const here = cloud.region(region.name);
  cloud.later(`making ${volume.id}`, async () => {
    const made = await cloud.disks.createVolume(volume.id, snapshot?.layers).then(
      () => 'available' as const,
      () => 'error' as const,
    );
    here.change('volumes', volume.id, (old) => ({ ...old, state: made }));
    // It may have been deleted meanwhile.
    await cloud.disks.collect(cloud.store.state);
  });
  return shownVolume(volume);
};

const remove: Action<DeleteVolumeRequest, object> = ({ VolumeId = '' }, { region, cloud }) => {
  const volume = region.find('volumes', VolumeId);
  if (volume.attachment !== undefined) {
    throw new ApiError('VolumeInUse', `Volume ${volume.id} is currently attached to ${volume.attachment.instanceId}`);
  }
  region.remove('volumes', volume.id);
  cloud.later(`removing ${volume.id}`, () => cloud.disks.collect(cloud.store.state));
  return {};
};

const describeStatus: Action<DescribeVolumeStatusRequest, DescribeVolumeStatusResult> = (input, { region }) => ({
  VolumeStatuses: namedVolumes(region, input.VolumeIds).map(({ id, zone }) => ({
    VolumeId: id,
    AvailabilityZone: zone,
    VolumeStatus: { Status: 'ok' as const, Details: [{ Name: 'io-enabled' as const, Status: 'passed' }] },
    Events: [],
    Actions: [],
  })),
});

const describeAttribute: Action<DescribeVolumeAttributeRequest, DescribeVolumeAttributeResult> = (
  { VolumeId = '', Attribute },
  { region },
) => {
  const { id } = region.find('volumes', VolumeId);
  if (Attribute === 'autoEnableIO') return { VolumeId: id, AutoEnableIO: { Value: false } };
  if (Attribute === 'productCodes') return { VolumeId: id, ProductCodes: [] };
  throw invalidValue(Attribute ?? '', 'attribute');
};

/** No volume of the sandbox is ever modified. */
const describeModifications: Action<DescribeVolumesModificationsRequest, DescribeVolumesModificationsResult> = (
  input,
  { region },
) => {
  const [first] = namedVolumes(region, input.VolumeIds);
  if (input.VolumeIds === undefined || first === undefined) return { VolumesModifications: [] };
  throw new ApiError('InvalidVolumeModification.NotFound', `Modification for volume '${first.id}' does not exist.`);
};

export function shownVolume(volume: VolumeRecord): Volume {
  const { attachment } = volume;
  return {
    VolumeId: volume.id,
    State: volume.state,
    AvailabilityZone: volume.zone,
    CreateTime: new Date(volume.createdAt),
    Size: volume.size,
    VolumeType: volumeType(volume.type),
    ...(volume.iops === undefined ? {} : { Iops: volume.iops }),
    ...(volume.throughput === undefined ? {} : { Throughput: volume.throughput }),
    Encrypted: volume.encrypted,
    ...(volume.kmsKeyId === undefined ? {} : { KmsKeyId: volume.kmsKeyId }),
    SnapshotId: volume.snapshotId ?? '',
    MultiAttachEnabled: false,
    Attachments:
      attachment === undefined
        ? []
        : [
            {
              VolumeId: volume.id,
              InstanceId: attachment.instanceId,
              Device: attachment.device,
              State: attachment.state,
              AttachTime: new Date(attachment.attachedAt),
              DeleteOnTermination: attachment.deleteOnTermination,
            },
          ],
    Tags: shownTags(volume.tags),
  };
}

export const VOLUME_ACTIONS: Actions = {
  DescribeVolumes: describe,
  CreateVolume: create,
  DeleteVolume: remove,
  DescribeVolumeStatus: describeStatus,
  DescribeVolumeAttribute: describeAttribute,
  DescribeVolumesModifications: describeModifications,
};
