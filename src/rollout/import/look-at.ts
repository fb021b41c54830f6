/** All that the cloud tells of instances that are to be adopted. */

import type { Instance, Volume } from '@aws-sdk/client-ec2';
import type { Cloud } from '../../cloud/cloud.ts';
import { isNotFound } from '../../cloud/cloud-error.ts';
import { eachLimited } from '../../play/limit.ts';

export interface Seen {
  readonly instance: Instance;
  /** Undefined: the image is not there any more. */
  readonly imageName: string | undefined;
  /** As it was handed to the launch. Undefined: none. */
  readonly userData: Buffer | undefined;
  /** Those that are attached. */
  readonly volumes: readonly Volume[];
  readonly targets: readonly Target[];
}

export interface Target {
  readonly groupArn: string;
  readonly groupName: string;
  readonly healthy: boolean;
}

/** In batches: one call tells of so many. */
const MANY = 100;
/** Calls at the same time. */
const ABREAST = 8;

/** Those that are there; the others are left out. Throws what the cloud answers. */
export async function lookAt(cloud: Cloud, ids: readonly string[]): Promise<readonly Seen[]> {
  const ec2 = cloud.ec2();
  const found = (await eachLimited(batches(ids), ABREAST, (some) => instancesOf(cloud, some))).flat();
  const imageIds = [...new Set(found.flatMap(({ ImageId }) => ImageId ?? []))];
  const images = new Map<string, string>();
  for (const some of batches(imageIds)) {
    // By a filter: images that are not there any more are no error of it.
    const { Images = [] } = await ec2.describeImages({ Filters: [{ Name: 'image-id', Values: [...some] }] });
    for (const { ImageId = '', Name = '' } of Images) images.set(ImageId, Name);
  }
  const volumeIds = found.flatMap(({ BlockDeviceMappings = [] }) =>
    BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.VolumeId ?? []),
  );
  const volumes = (
    await eachLimited(
      batches(volumeIds),
      ABREAST,
      async (some) => (await ec2.describeVolumes({ VolumeIds: [...some] })).Volumes ?? [],
    )
  ).flat();
  const targets = await targetsOf(cloud, new Set(found.flatMap(({ VpcId }) => VpcId ?? [])));
  return eachLimited(found, ABREAST, async (instance): Promise<Seen> => {
    const id = instance.InstanceId ?? '';
    const { UserData } = await ec2.describeInstanceAttribute({ InstanceId: id, Attribute: 'userData' });
    return {
      instance,
      imageName: images.get(instance.ImageId ?? ''),
      userData:
        UserData?.Value === undefined || UserData.Value === '' ? undefined : Buffer.from(UserData.Value, 'base64'),
      volumes: volumes.filter(({ Attachments = [] }) => Attachments.some(({ InstanceId }) => InstanceId === id)),
      targets: targets.get(id) ?? [],
    };
  });
}

async function instancesOf(cloud: Cloud, ids: readonly string[]): Promise<readonly Instance[]> {
  const ask = async (some: readonly string[]) => {
    const { Reservations = [] } = await cloud.ec2().describeInstances({ InstanceIds: [...some] });
    return Reservations.flatMap(({ Instances = [] }) => Instances);
  };
  try {
    return await ask(ids);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    // One that is not there makes EC2 refuse to tell of the others.
    const each = await eachLimited(ids, ABREAST, (id) =>
      ask([id]).catch((cause: unknown) => (isNotFound(cause) ? [] : throwing(cause))),
    );
    return each.flat();
  }
}

/** By instance: the target groups of these networks that it is registered with. */
async function targetsOf(cloud: Cloud, vpcs: ReadonlySet<string>): Promise<ReadonlyMap<string, readonly Target[]>> {
  const elb = cloud.elb();
  const groups = [];
  let marker: string | undefined;
  do {
    const answer = await elb.describeTargetGroups(marker === undefined ? {} : { Marker: marker });
    groups.push(...(answer.TargetGroups ?? []));
    marker = answer.NextMarker || undefined;
  } while (marker !== undefined);
  const found = new Map<string, readonly Target[]>();
  const ours = groups.filter(({ VpcId, TargetType }) => TargetType === 'instance' && vpcs.has(VpcId ?? ''));
  await eachLimited(ours, ABREAST, async ({ TargetGroupArn = '', TargetGroupName = '' }) => {
    const { TargetHealthDescriptions = [] } = await elb.describeTargetHealth({ TargetGroupArn });
    for (const { Target, TargetHealth } of TargetHealthDescriptions) {
      if (Target?.Id === undefined || TargetHealth?.State === 'draining') continue;
      const target = {
        groupArn: TargetGroupArn,
        groupName: TargetGroupName,
        healthy: TargetHealth?.State === 'healthy',
      };
      found.set(Target.Id, [...(found.get(Target.Id) ?? []), target]);
    }
  });
  return found;
}

function batches<T>(all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / MANY) }, (_, index) =>
    all.slice(index * MANY, (index + 1) * MANY),
  );
}

function throwing(error: unknown): never {
  throw error;
}
