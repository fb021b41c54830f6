/** Capturing what a volume holds into a snapshot, in the background. */

import type { Context } from './action.ts';
import type { VolumeRecord } from './image-record.ts';

/** Settles the pending snapshot `id`: completed with its layers, or in error with the reason. */
export function captureVolume(
  { cloud, region }: Pick<Context, 'cloud' | 'region'>,
  volume: VolumeRecord,
  id: string,
): void {
  const here = cloud.region(region.name);
  cloud.later(`capturing ${volume.id}`, async () => {
    try {
      const layers = await layersOfVolume({ cloud, region: here }, volume, id);
      here.change('snapshots', id, (old) => ({ ...old, state: 'completed', layers }));
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      here.change('snapshots', id, (old) => ({ ...old, state: 'error', failure }));
    }
    // It may have been deleted meanwhile.
    await cloud.disks.collect(cloud.store.state);
  });
}

/** The layers of a copy of what the volume holds: an instance's disk for its root, else the folder of a data volume. */
export function layersOfVolume(
  { cloud, region }: Pick<Context, 'cloud' | 'region'>,
  { id, attachment }: VolumeRecord,
  snapshotId: string,
): Promise<readonly string[]> {
  const instance = attachment === undefined ? undefined : region.state.instances[attachment.instanceId];
  const isRoot = instance !== undefined && instance.rootDevice === attachment?.device;
  return isRoot ? cloud.disks.captureRoot(instance.id, snapshotId) : cloud.disks.captureVolume(id, snapshotId);
}
