/** What becomes of the volumes of an instance that is no more. */

import type { InstanceRecord } from './instance-record.ts';
import type { Region } from './region.ts';

export function releaseVolumes(region: Region, { devices }: InstanceRecord): void {
  for (const { volumeId, deleteOnTermination } of devices) {
    if (deleteOnTermination) region.remove('volumes', volumeId);
    else region.change('volumes', volumeId, ({ attachment: _, ...volume }) => ({ ...volume, state: 'available' }));
  }
}
