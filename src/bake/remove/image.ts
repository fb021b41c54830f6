import type { Image } from '@aws-sdk/client-ec2';
import { isNotFound } from '../../cloud/cloud-error.ts';
import { RUN_TAG } from '../tags.ts';
import { found } from './found.ts';
import type { Removal, Remover } from './removal.ts';
import { removeSnapshot } from './snapshot.ts';

/** Deregisters an image with its snapshots. By name, only one that this run has made: never an older one. */
export const removeImage: Remover = async ({ id, name, region }, removal) => {
  const ids = id === undefined ? await found(() => named(name, removal), removal) : [id];
  for (const one of ids) {
    const snapshots = (await imageOf(one, removal))?.BlockDeviceMappings ?? [];
    await removal.ec2.deregisterImage({ ImageId: one, DeleteAssociatedSnapshots: true }).catch(unlessGone);
    for (const { Ebs } of snapshots) {
      const snapshot = Ebs?.SnapshotId;
      if (snapshot) await removeSnapshot({ kind: 'snapshot', region, name: snapshot, id: snapshot }, removal);
    }
  }
  // Of an image that failed half-way, only its snapshots may be there.
  for (const snapshot of await orphans(removal)) {
    await removeSnapshot({ kind: 'snapshot', region, name: snapshot, id: snapshot }, removal);
  }
};

async function named(name: string, { ec2, run }: Removal): Promise<readonly string[]> {
  const { Images = [] } = await ec2.describeImages({
    Owners: ['self'],
    Filters: [
      { Name: 'name', Values: [name] },
      { Name: `tag:${RUN_TAG}`, Values: [run] },
    ],
  });
  return Images.flatMap(({ ImageId }) => ImageId ?? []);
}

async function imageOf(id: string, { ec2 }: Removal): Promise<Image | undefined> {
  const { Images = [] } = (await ec2.describeImages({ ImageIds: [id] }).catch(unlessGone)) ?? {};
  return Images[0];
}

async function orphans({ ec2, run }: Removal): Promise<readonly string[]> {
  const { Snapshots = [] } = await ec2.describeSnapshots({
    OwnerIds: ['self'],
    Filters: [{ Name: `tag:${RUN_TAG}`, Values: [run] }],
  });
  return Snapshots.flatMap(({ SnapshotId }) => SnapshotId ?? []);
}

function unlessGone(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
