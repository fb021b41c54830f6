/** Snapshots: what volumes held at a moment. */

import type {
  CopySnapshotRequest,
  CopySnapshotResult,
  CreateSnapshotRequest,
  DeleteSnapshotRequest,
  DescribeSnapshotAttributeRequest,
  DescribeSnapshotAttributeResult,
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
  ModifySnapshotAttributeRequest,
  ResetSnapshotAttributeRequest,
  Snapshot,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { DISTRIBUTOR } from '../base-images.ts';
import { type Facets, filtered, tagFacets } from '../filters.ts';
import { maySee, ownSnapshot, ownsAs, visibleSnapshot } from '../find-image.ts';
import type { SnapshotRecord } from '../image-record.ts';
import { paginate } from '../paginate.ts';
import { ApiError, invalidValue } from '../protocol/api-error.ts';
import { newId, notFound, shapeOfId } from '../resource-ids.ts';
import { changedPermissions } from '../share.ts';
import { captureVolume } from '../snapshot-volume.ts';
import { ACCOUNT } from '../state.ts';
import { allowTagTypes, shownTags, tagsFor } from '../tags.ts';

const FACETS: Facets<SnapshotRecord> = {
  description: ({ description }) => [description],
  encrypted: ({ encrypted }) => [encrypted],
  'owner-alias': ({ owner }) => [owner === DISTRIBUTOR.account ? DISTRIBUTOR.alias : undefined],
  'owner-id': ({ owner }) => [owner],
  progress: ({ state }) => [progressOf(state)],
  'snapshot-id': ({ id }) => [id],
  'start-time': ({ createdAt }) => [new Date(createdAt).toISOString()],
  status: ({ state }) => [state],
  'storage-tier': () => ['standard'],
  'volume-id': ({ volumeId }) => [volumeId],
  'volume-size': ({ size }) => [size],
  ...tagFacets(({ tags }) => tags),
};

const describe: Action<DescribeSnapshotsRequest, DescribeSnapshotsResult> = (input, { region }) => {
  const { SnapshotIds: ids = [], OwnerIds: owners = [], RestorableByUserIds: users = [] } = input;
  for (const id of ids) {
    const wrong = shapeOfId('snapshots', id);
    if (wrong !== undefined) throw wrong;
  }
  const visible = region.all('snapshots').filter((one) => maySee(ACCOUNT, one.owner, one.createPermissions));
  const missing = ids.filter((id) => !visible.some((snapshot) => snapshot.id === id));
  if (missing.length > 0) throw notFound('snapshots', missing);
  const named = visible.filter(({ id, owner, createPermissions }) => {
    if (ids.length > 0 && !ids.includes(id)) return false;
    if (owners.length > 0 && !owners.some((wanted) => ownsAs(owner, wanted))) return false;
    if (users.length === 0) return true;
    return users.some((user) => createPermissions.includes(user) || (user === 'self' && owner === ACCOUNT));
  });
  const { items, next } = paginate(filtered(named, input.Filters, FACETS), input.MaxResults, input.NextToken);
  return { Snapshots: items.map(shownSnapshot), ...(next === undefined ? {} : { NextToken: next }) };
};

const create: Action<CreateSnapshotRequest, Snapshot> = (input, context) => {
  const { region, now } = context;
  allowTagTypes(['snapshot'], input.TagSpecifications);
  const volume = region.find('volumes', input.VolumeId ?? '');
  if (volume.state !== 'available' && volume.state !== 'in-use') {
    throw new ApiError('IncorrectState', `The volume ${volume.id} is ${volume.state}`);
  }
  const snapshot: SnapshotRecord = {
    id: newId('snapshots'),
    tags: tagsFor('snapshot', input.TagSpecifications),
    createdAt: now,
    state: 'pending',
    owner: ACCOUNT,
    description: input.Description ?? '',
    volumeId: volume.id,
    size: volume.size,
    encrypted: volume.encrypted,
    ...(volume.kmsKeyId === undefined ? {} : { kmsKeyId: volume.kmsKeyId }),
    createPermissions: [],
    layers: [],
  };
  region.put('snapshots', snapshot);
  captureVolume(context, volume, snapshot.id);
  return shownSnapshot(snapshot);
};

const copy: Action<CopySnapshotRequest, CopySnapshotResult> = (input, { region, regionNamed, now, cloud }) => {
  allowTagTypes(['snapshot'], input.TagSpecifications);
  const source = visibleSnapshot(regionNamed(input.SourceRegion ?? ''), input.SourceSnapshotId ?? '');
  if (source.state !== 'completed')
    throw new ApiError('IncorrectState', `The snapshot ${source.id} is ${source.state}`);
  const made: SnapshotRecord = {
    id: newId('snapshots'),
    tags: tagsFor('snapshot', input.TagSpecifications),
    createdAt: now,
    state: 'pending',
    owner: ACCOUNT,
    description: input.Description ?? '',
    volumeId: 'vol-ffffffff',
    size: source.size,
    encrypted: (input.Encrypted ?? false) || source.encrypted,
    ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
    createPermissions: [],
    layers: [],
  };
  region.put('snapshots', made);
  const here = cloud.region(region.name);
  cloud.later(`copying ${source.id} to ${made.id}`, async () => {
    here.change('snapshots', made.id, (old) => ({ ...old, state: 'completed', layers: source.layers }));
  });
  return { SnapshotId: made.id, Tags: shownTags(made.tags) };
};

const remove: Action<DeleteSnapshotRequest, object> = ({ SnapshotId = '' }, { region, cloud }) => {
  const snapshot = ownSnapshot(region, SnapshotId);
  const image = Object.values(region.state.images).find(({ devices }) =>
    devices.some(({ snapshotId }) => snapshotId === snapshot.id),
  );
  if (image !== undefined) {
    throw new ApiError('InvalidSnapshot.InUse', `The snapshot ${snapshot.id} is currently in use by ${image.id}`);
  }
  region.remove('snapshots', snapshot.id);
  cloud.later(`removing the disk of ${snapshot.id}`, () => cloud.disks.collect(cloud.store.state));
  return {};
};

const describeAttribute: Action<DescribeSnapshotAttributeRequest, DescribeSnapshotAttributeResult> = (
  { SnapshotId = '', Attribute },
  { region },
) => {
  const { createPermissions } = ownSnapshot(region, SnapshotId);
  if (Attribute === 'productCodes') return { SnapshotId, ProductCodes: [] };
  if (Attribute !== 'createVolumePermission') throw invalidValue(Attribute ?? '', 'attribute');
  const shown = createPermissions.map((who) => (who === 'all' ? { Group: 'all' as const } : { UserId: who }));
  return { SnapshotId, CreateVolumePermissions: shown };
};

const modifyAttribute: Action<ModifySnapshotAttributeRequest, object> = (input, { region }) => {
  const snapshot = ownSnapshot(region, input.SnapshotId ?? '');
  const changed = changedPermissions(snapshot.createPermissions, {
    add: input.CreateVolumePermission?.Add?.map(({ Group, UserId }) => Group ?? UserId ?? '') ?? [],
    remove: input.CreateVolumePermission?.Remove?.map(({ Group, UserId }) => Group ?? UserId ?? '') ?? [],
    operation: input.OperationType,
    names: [...(input.UserIds ?? []), ...(input.GroupNames ?? [])],
  });
  if (changed === undefined) throw new ApiError('InvalidParameterCombination', 'No attributes specified.');
  region.change('snapshots', snapshot.id, (old) => ({ ...old, createPermissions: changed }));
  return {};
};

const resetAttribute: Action<ResetSnapshotAttributeRequest, object> = ({ SnapshotId = '', Attribute }, { region }) => {
  const snapshot = ownSnapshot(region, SnapshotId);
  if (Attribute !== 'createVolumePermission') throw invalidValue(Attribute ?? '', 'attribute');
  region.change('snapshots', snapshot.id, (old) => ({ ...old, createPermissions: [] }));
  return {};
};

export function shownSnapshot(snapshot: SnapshotRecord): Snapshot {
  const alias = snapshot.owner === DISTRIBUTOR.account ? DISTRIBUTOR.alias : undefined;
  return {
    SnapshotId: snapshot.id,
    VolumeId: snapshot.volumeId,
    VolumeSize: snapshot.size,
    State: snapshot.state,
    ...(snapshot.failure === undefined ? {} : { StateMessage: snapshot.failure }),
    Progress: progressOf(snapshot.state),
    StartTime: new Date(snapshot.createdAt),
    ...(snapshot.state === 'completed' ? { CompletionTime: new Date(snapshot.createdAt) } : {}),
    OwnerId: snapshot.owner,
    ...(alias === undefined ? {} : { OwnerAlias: alias }),
    Description: snapshot.description,
    Encrypted: snapshot.encrypted,
    ...(snapshot.kmsKeyId === undefined ? {} : { KmsKeyId: snapshot.kmsKeyId }),
    StorageTier: 'standard',
    Tags: shownTags(snapshot.tags),
  };
}

function progressOf(state: SnapshotRecord['state']): string {
  return state === 'completed' ? '100%' : '0%';
}

export const SNAPSHOT_ACTIONS: Actions = {
  DescribeSnapshots: describe,
  CreateSnapshot: create,
  CopySnapshot: copy,
  DeleteSnapshot: remove,
  DescribeSnapshotAttribute: describeAttribute,
  ModifySnapshotAttribute: modifyAttribute,
  ResetSnapshotAttribute: resetAttribute,
};
