/** Overlay mounts: a writable folder over read-only ones. */

import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../fault.ts';
import { attempt, run } from './run.ts';

export interface Overlay {
  /** Read-only layers, the uppermost first. */
  readonly lower: readonly string[];
  /** A folder that holds `upper` and `work`. */
  readonly disk: string;
  readonly at: string;
}

/** Mounts without ever waiting for the disk (`volatile`): what a sandbox holds may be lost with the power. */
export async function mountOverlay({ lower, disk, at }: Overlay): Promise<void> {
  const [upper, work] = [join(disk, 'upper'), join(disk, 'work')];
  for (const folder of [upper, work, at]) await mkdir(folder, { recursive: true });
  // What `volatile` leaves behind; with it in place the kernel refuses a second mount.
  await rm(join(work, 'work/incompat'), { recursive: true, force: true });
  const options = `lowerdir=${lower.join(':')},upperdir=${upper},workdir=${work},volatile`;
  const mounted = await attempt(['mount', '-t', 'overlay', 'playbake', '-o', options, at]);
  if (mounted.status === 0) return;
  throw new Fault('sandbox-unavailable', `cannot mount an overlay at ${at}: ${mounted.stderr.trim()}`, {
    hint: 'put the sandbox on a disk with ext4, xfs or btrfs: PLAYBAKE_SANDBOX=/path/there playbake sandbox up',
  });
}

/** The places below `folder` (and itself) where something is mounted, the deepest first. */
export async function mountsBelow(folder: string): Promise<readonly string[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  const places = lines.map((line) => unescaped(line.split(' ')[4] ?? ''));
  return places.filter((place) => place === folder || place.startsWith(`${folder}/`)).reverse();
}

/** Unmounts everything below `folder`. A mount stays busy for a moment after its last process has ended. */
export async function unmountBelow(folder: string): Promise<void> {
  for (const place of await mountsBelow(folder)) {
    for (let round = 0; (await attempt(['umount', place])).status !== 0; round += 1) {
      if (round >= 40) {
        await run(['umount', '--lazy', place]);
        break;
      }
      await sleep(50);
    }
  }
}

/** Removes a folder with all that is in it, but nothing that is mounted there. */
export async function removeTree(folder: string): Promise<void> {
  await unmountBelow(folder);
  await run(['rm', '--recursive', '--force', '--one-file-system', folder]);
}

/** mountinfo writes blanks and backslashes in octal. */
function unescaped(text: string): string {
  return text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
