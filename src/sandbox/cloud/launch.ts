/** A launch that has been checked, and the records that it makes. */

import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { Context } from './action.ts';
import { checkedUserData } from './checked-user-data.ts';
import { cpuCredits } from './cpu-credits.ts';
import { findKeyPair } from './find-key-pair.ts';
import { findProfile } from './find-profile.ts';
import { arnOf } from './iam-record.ts';
import type { ImageDevice, ImageRecord, VolumeRecord } from './image-record.ts';
import type { InstanceProfile, InstanceRecord } from './instance-record.ts';
import { instanceType, mustRun } from './instance-type.ts';
import { launchDevices } from './launch-devices.ts';
import { launchImage } from './launch-image.ts';
import type { LaunchRequest } from './launch-request.ts';
import { defaultMetadata, metadataOptions } from './metadata-options.ts';
import { type Placement, placeInstance } from './place-instance.ts';
import { ApiError, invalidValue } from './protocol/api-error.ts';
import { resolveGroups } from './resolve-groups.ts';
import { newId } from './resource-ids.ts';
import type { Tags } from './state.ts';
import { allowTagTypes, tagsFor } from './tags.ts';

export interface Launch {
  readonly instance: InstanceRecord;
  readonly volumes: readonly VolumeRecord[];
}

/** How many are wanted: as many as there is room for, but not fewer than `least`. */
export interface Count {
  readonly least: number;
  readonly most: number;
}

export function countOf({ MinCount, MaxCount }: Pick<RunInstancesRequest, 'MinCount' | 'MaxCount'>): Count {
  const [least, most] = [MinCount ?? 0, MaxCount ?? 0];
  if (least < 1) throw invalidValue(String(least), 'minCount', 'Expecting a positive number.');
  if (most < least) {
    throw new ApiError(
      'InvalidParameterValue',
      `Value (${most}) for parameter maxCount is invalid. It is less than minCount, ${least}.`,
    );
  }
  return { least, most };
}

export interface LaunchMarks {
  /** Numbers of machines that no record has. */
  readonly taken: ReadonlySet<number>;
  /** The ClientToken. */
  readonly token: string | undefined;
  /** Beside those that were asked for. */
  readonly tags: Tags;
}

/** The records of new instances. Throws ApiErrors. */
export function launches(
  context: Context,
  request: LaunchRequest,
  { least, most }: Count,
  { taken, token, tags }: LaunchMarks,
): readonly Launch[] {
  allowTagTypes(['instance', 'volume', 'network-interface', 'spot-instances-request'], request.tags);
  const image = launchImage(context.region, request.imageId);
  if (request.privateIp !== undefined && most > 1) {
    throw new ApiError('InvalidParameterCombination', 'A private address is for one instance.');
  }
  const asked = commonOf(context, request, image);
  const common = { ...asked, tags: { ...asked.tags, ...tags } };
  const devices = launchDevices(context.region, image, request.mappings);
  const reservationId = newId('instances').replace(/^i-/, 'r-');
  const made: Launch[] = [];
  const used = new Set(taken);
  while (made.length < most) {
    const placement = placed(context, request, used, made.length >= least);
    if (placement === undefined) break;
    used.add(placement.number);
    const groups = groupsOf(context, request, placement);
    const place = { ...placement, groups, reservationId, launchIndex: made.length, token };
    made.push(oneLaunch(context, { request, image, common, devices, place }));
  }
  return made;
}

function placed(context: Context, request: LaunchRequest, used: ReadonlySet<number>, isEnough: boolean) {
  try {
    return placeInstance(context, request, used);
  } catch (error) {
    if (isEnough && error instanceof ApiError && error.code === 'InsufficientFreeAddressesInSubnet') return undefined;
    throw error;
  }
}

function groupsOf(context: Context, { groupIds, groupNames }: LaunchRequest, { subnet }: Placement): readonly string[] {
  return resolveGroups(context, { ids: groupIds, names: groupNames, vpcId: subnet.vpcId }).map(({ id }) => id);
}

type Common = Pick<
  InstanceRecord,
  | 'imageId'
  | 'layers'
  | 'rootDevice'
  | 'type'
  | 'metadata'
  | 'onShutdown'
  | 'keepFromTermination'
  | 'keepFromStop'
  | 'monitored'
  | 'ebsOptimized'
  | 'keyName'
  | 'publicKey'
  | 'profile'
  | 'userData'
  | 'credits'
  | 'tags'
  | 'interfaceTags'
>;

/** What all instances of the launch have. */
function commonOf(context: Context, request: LaunchRequest, image: ImageRecord): Common {
  const { region } = context;
  const key = request.keyName === undefined ? undefined : findKeyPair(region, request.keyName);
  const userData = checkedUserData(request.userData);
  const profile = profileOf(context, request);
  const root = image.devices.find(({ device }) => device === image.rootDevice);
  const type = instanceType(request.type ?? 'm1.small');
  mustRun(type, image.architecture);
  const { onShutdown = 'stop', credits } = request;
  if (onShutdown !== 'stop' && onShutdown !== 'terminate') {
    throw invalidValue(onShutdown, 'instanceInitiatedShutdownBehavior', 'It is stop or terminate.');
  }
  return {
    imageId: image.id,
    layers: region.state.snapshots[root?.snapshotId ?? '']?.layers ?? [],
    rootDevice: image.rootDevice,
    type,
    metadata: metadataOptions(defaultMetadata(image.imdsSupport), request.metadata),
    onShutdown,
    keepFromTermination: request.keepFromTermination,
    keepFromStop: request.keepFromStop,
    monitored: request.monitored,
    ebsOptimized: request.ebsOptimized,
    tags: tagsFor('instance', request.tags),
    interfaceTags: tagsFor('network-interface', request.tags),
    ...(key === undefined ? {} : { keyName: key.name, publicKey: key.publicKey }),
    ...(profile === undefined ? {} : { profile }),
    ...(userData === undefined ? {} : { userData }),
    ...(credits === undefined ? {} : { credits: cpuCredits(credits) }),
  };
}

function profileOf({ seen, cloud }: Context, { profile }: LaunchRequest): InstanceProfile | undefined {
  if (!profile?.Arn && !profile?.Name) return undefined;
  const found = findProfile(seen, profile);
  const associationId = newId('instances').replace(/^i-/, 'iip-assoc-');
  return { arn: arnOf(cloud.store.state.account, 'instance-profile', found), id: found.id, associationId };
}

interface One {
  readonly request: LaunchRequest;
  readonly image: ImageRecord;
  readonly common: Common;
  readonly devices: readonly ImageDevice[];
  readonly place: Placement & {
    readonly groups: readonly string[];
    readonly reservationId: string;
    readonly launchIndex: number;
    readonly token: string | undefined;
  };
}

function oneLaunch({ now }: Context, { request, common, devices, place }: One): Launch {
  const id = newId('instances');
  const { subnet, number, address, groups, reservationId, launchIndex, token } = place;
  const volumes = devices.map(
    (device): VolumeRecord => ({
      id: newId('volumes'),
      tags: tagsFor('volume', request.tags),
      createdAt: now,
      state: 'in-use',
      zone: subnet.zone,
      size: device.size,
      type: device.type,
      ...(device.iops === undefined ? {} : { iops: device.iops }),
      ...(device.throughput === undefined ? {} : { throughput: device.throughput }),
      encrypted: device.encrypted,
      ...(device.snapshotId === undefined ? {} : { snapshotId: device.snapshotId }),
      attachment: {
        instanceId: id,
        device: device.device,
        state: 'attached',
        attachedAt: now,
        deleteOnTermination: device.deleteOnTermination,
      },
    }),
  );
  const instance: InstanceRecord = {
    ...common,
    id,
    createdAt: now,
    state: 'pending',
    reason: { code: 'pending', message: 'pending' },
    transition: '',
    launchedAt: now,
    devices: volumes.map(({ id: volumeId }, index) => ({
      name: devices[index]?.device ?? '',
      volumeId,
      deleteOnTermination: devices[index]?.deleteOnTermination ?? true,
      attachedAt: now,
    })),
    number,
    address,
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    zone: subnet.zone,
    groupIds: groups,
    interfaceId: newId('instances').replace(/^i-/, 'eni-'),
    sourceDestCheck: true,
    hasPublicAddress: request.publicIp ?? subnet.mapPublicIp,
    reservationId,
    launchIndex,
    ...(token === undefined ? {} : { token }),
  };
  return { instance, volumes };
}
