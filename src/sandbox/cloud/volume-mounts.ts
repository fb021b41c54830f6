/** Data volumes in machines: a folder that is handed in whole, in which volumes come and go while the machine runs. */

import { mkdir, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Home } from '../home.ts';
import { mountsBelow } from '../mounts.ts';
import { attempt, run } from '../run.ts';
import type { InstanceRecord } from './instance-record.ts';

/** Where a machine finds its volumes: that of /dev/xvdf is /volumes/xvdf. */
export const VOLUMES = '/volumes';

export interface VolumePlace {
  /** Such as /dev/xvdf. */
  readonly device: string;
  readonly volumeId: string;
}

/** The folder of an instance's volumes on this machine. */
function folderOf(home: Home, id: string): string {
  return join(home.instances, id, 'volumes');
}

/** Mounts what the instance has attached, before its machine starts; answers with the folder to hand in. */
export async function mountVolumes(home: Home, { id, rootDevice, devices }: InstanceRecord): Promise<string> {
  const folder = folderOf(home, id);
  await mkdir(folder, { recursive: true });
  if (!(await mountsBelow(folder)).includes(folder)) {
    // Only mounts below a shared one are seen by a machine that runs already.
    await run(['mount', '--bind', folder, folder]);
    await run(['mount', '--make-shared', folder]);
  }
  for (const { name, volumeId } of devices)
    if (name !== rootDevice) await mountVolume(home, id, { device: name, volumeId });
  return folder;
}

/** Mounts one more; the machine sees it at once. One that never ran gets it when it starts. */
export async function mountVolume(home: Home, id: string, { device, volumeId }: VolumePlace): Promise<void> {
  const folder = folderOf(home, id);
  const mounted = await mountsBelow(folder);
  const place = join(folder, basename(device));
  if (!mounted.includes(folder) || mounted.includes(place)) return;
  await mkdir(place, { recursive: true });
  await run(['mount', '--bind', join(home.volumes, volumeId), place]);
}

/** Takes one off, whatever still uses it in the machine. */
export async function unmountVolume(home: Home, id: string, device: string): Promise<void> {
  const place = join(folderOf(home, id), basename(device));
  if (!(await mountsBelow(place)).includes(place)) return;
  const ended = await attempt(['umount', place]);
  if (ended.status !== 0) await run(['umount', '--lazy', place]);
  await rmdir(place);
}
