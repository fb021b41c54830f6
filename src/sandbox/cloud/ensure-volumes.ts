import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from './cloud.ts';
import type { InstanceRecord } from './instance-record.ts';
import type { Region } from './region.ts';

/** Makes what the data volumes hold that an instance is launched with; those of a later start are there. */
export async function ensureVolumes(
  { disks, home }: Cloud,
  { state }: Region,
  { devices, rootDevice, createdAt, launchedAt }: InstanceRecord,
): Promise<void> {
  if (createdAt !== launchedAt) return;
  for (const { name, volumeId } of devices) {
    const volume = state.volumes[volumeId];
    // What a killed server made may be in use already.
    const isMade = existsSync(join(home.volumes, volumeId));
    if (name === rootDevice || volume === undefined || isMade) continue;
    await disks.createVolume(volumeId, state.snapshots[volume.snapshotId ?? '']?.layers);
  }
}
