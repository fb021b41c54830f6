/** All that runs have made in a region, by their tags. */

import type { Tag as Ec2Tag, Filter } from '@aws-sdk/client-ec2';
import type { Cloud } from '../cloud/cloud.ts';
import type { Resource, ResourceKind } from './journal/resource.ts';
import { IMAGE_TAG, RUN_TAG, STATE_TAG, UNTIL_TAG } from './tags.ts';

export interface TaggedRun {
  readonly run: string;
  readonly image: string;
  /** ISO 8601. */
  readonly until: string;
  /** In the order in which bakes make them. */
  readonly resources: readonly Resource[];
}

/** Images that are called good, and their snapshots, are none of it. Throws what the cloud answers. */
export async function findTagged(cloud: Cloud, region: string): Promise<readonly TaggedRun[]> {
  const ec2 = cloud.ec2(region);
  const Filters: Filter[] = [{ Name: 'tag-key', Values: [RUN_TAG] }];
  const [keys, groups, volumes, instances, images, snapshots] = await Promise.all([
    ec2.describeKeyPairs({ Filters }),
    ec2.describeSecurityGroups({ Filters }),
    ec2.describeVolumes({ Filters }),
    ec2.describeInstances({ Filters }),
    ec2.describeImages({ Owners: ['self'], Filters }),
    ec2.describeSnapshots({ OwnerIds: ['self'], Filters }),
  ]);
  const runs = new Map<string, TaggedRun>();
  const add = (kind: ResourceKind, id: string | undefined, tags: readonly Ec2Tag[] = [], name = id) => {
    const tag = (key: string) => tags.find(({ Key }) => Key === key)?.Value;
    const run = tag(RUN_TAG);
    if (run === undefined || id === undefined || name === undefined || tag(STATE_TAG) === 'good') return;
    const known = runs.get(run) ?? { run, image: tag(IMAGE_TAG) ?? '', until: tag(UNTIL_TAG) ?? '', resources: [] };
    runs.set(run, { ...known, resources: [...known.resources, { kind, region, name, id }] });
  };
  for (const { KeyPairId, KeyName, Tags } of keys.KeyPairs ?? []) add('key-pair', KeyPairId, Tags, KeyName);
  for (const { GroupId, GroupName, Tags } of groups.SecurityGroups ?? [])
    add('security-group', GroupId, Tags, GroupName);
  for (const { VolumeId, Tags } of volumes.Volumes ?? []) add('volume', VolumeId, Tags);
  for (const { SnapshotId, Tags } of snapshots.Snapshots ?? []) add('snapshot', SnapshotId, Tags);
  for (const { Instances = [] } of instances.Reservations ?? []) {
    for (const { InstanceId, State, Tags } of Instances)
      if (State?.Name !== 'terminated') add('instance', InstanceId, Tags);
  }
  for (const { ImageId, Name, Tags } of images.Images ?? []) add('image', ImageId, Tags, Name);
  return [...runs.values()].sort((a, b) => (a.run < b.run ? -1 : 1));
}
