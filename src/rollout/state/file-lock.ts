/** A lock that is a file, which says who has it. */

import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../../fault.ts';
import { isAbandoned, type LockInfo, lockedFault, parseLockInfo } from './lock-info.ts';
import { notLocked } from './not-locked.ts';
import type { StateLock } from './state-store.ts';
import { draftOf } from './write-file.ts';

/** Takes it. Throws `state-locked`. A lock whose holder is dead is no hindrance. */
export async function lockFile(file: string, info: LockInfo): Promise<StateLock> {
  await mkdir(dirname(file), { recursive: true });
  const draft = draftOf(file);
  await writeFile(draft, textOf(info), { mode: 0o600 });
  try {
    for (;;) {
      if (await isLinked(draft, file)) return lockOf(file, info, undefined);
      const holder = await lockInFile(file);
      if (holder === undefined) continue;
      if (!isAbandoned(holder)) throw lockedFault(holder);
      if (await isTakenOver(file, holder, info)) return lockOf(file, info, holder);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Undefined: there is no lock. Throws `state-locked` for a file that says nothing. */
export async function lockInFile(file: string): Promise<LockInfo | undefined> {
  const text = await readFile(file, 'utf8').catch(absent);
  if (text === undefined) return undefined;
  const info = parseLockInfo(text);
  if (info) return info;
  throw new Fault('state-locked', `the lock ${file} cannot be read: it does not say who has it`, {
    hint: 'see that no rollout is under way, then remove that file',
  });
}

/** Throws `state-missing` where the lock of that id is not there. */
export async function unlockFile(file: string, id: string): Promise<LockInfo> {
  const holder = await lockInFile(file);
  if (holder?.ID !== id) throw notLocked(id, holder);
  await rm(file, { force: true });
  await rm(claimOf(file, holder), { force: true });
  return holder;
}

function lockOf(file: string, info: LockInfo, insteadOf: LockInfo | undefined): StateLock {
  const release = async () => {
    const holder = await lockInFile(file).catch(() => undefined);
    if (holder?.ID === info.ID) await rm(file, { force: true });
  };
  return { info, insteadOf, release };
}

/** Of those who find the same lock abandoned, only one may put its own in the place: the one who claims it first. */
async function isTakenOver(file: string, holder: LockInfo, info: LockInfo): Promise<boolean> {
  const claim = claimOf(file, holder);
  await writeFile(claim, textOf(info), { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    throw isCoded(error, 'EEXIST') ? lockedFault(holder) : error;
  });
  // Somebody may have claimed it, and be done, since it was looked at.
  if ((await lockInFile(file))?.ID !== holder.ID) {
    await rm(claim, { force: true });
    return false;
  }
  await rename(claim, file);
  return true;
}

const claimOf = (file: string, { ID }: LockInfo) => `${file}.${ID}`;

const textOf = (info: LockInfo) => `${JSON.stringify(info, null, 2)}\n`;

async function isLinked(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (isCoded(error, 'EEXIST')) return false;
    throw error;
  }
}

function absent(error: unknown): undefined {
  if (!isCoded(error, 'ENOENT')) throw error;
}

function isCoded(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
