import type { Cloud } from './cloud.ts';
import type { InstanceRecord } from './instance-record.ts';
import type { Region } from './region.ts';

/** Makes what the data volumes hold that an instance is launched with; those of a later start are there. */
export async function ensureVolumes(
  { disks }: Cloud,
  { state }: Region,
  { devices, rootDevice, createdAt, launchedAt }: InstanceRecord,
): Promise<void> {
  if (createdAt !== launchedAt) return;
  for (const { name, volumeId } of devices) {
    const volume = state.volumes[volumeId];
    if (name === rootDevice || volume === undefined) continue;
    await disks.createVolume(volumeId, state.snapshots[volume.snapshotId ?? '']?.layers);
  }
}
