/** A lock that is an object in S3: there where somebody has it. */

import { Fault } from '../../fault.ts';
import { isAbandoned, type LockInfo, lockedFault, parseLockInfo } from './lock-info.ts';
import { notLocked } from './not-locked.ts';
import type { Kept, S3Object } from './s3-object.ts';
import type { StateLock } from './state-store.ts';

/** Takes it. Throws `state-locked`. A lock whose holder is dead is no hindrance. */
export async function lockS3(object: S3Object, info: LockInfo): Promise<StateLock> {
  const text = textOf(info);
  for (;;) {
    if ((await object.replace(undefined, text)) !== undefined) {
      await checkConditions(object, info);
      return lockOf(object, info, undefined);
    }
    const kept = await object.get();
    if (!kept) continue;
    const holder = holderIn(kept, object);
    if (!isAbandoned(holder)) throw lockedFault(holder);
    if ((await object.replace(kept, text)) !== undefined) return lockOf(object, info, holder);
  }
}

export async function lockInS3(object: S3Object): Promise<LockInfo | undefined> {
  const kept = await object.get();
  return kept && holderIn(kept, object);
}

/** Throws `state-missing` where the lock of that id is not there. */
export async function unlockS3(object: S3Object, id: string): Promise<LockInfo> {
  const holder = await lockInS3(object);
  if (holder?.ID !== id) throw notLocked(id, holder);
  await object.remove();
  return holder;
}

/** A server that does not know conditions would give the lock to everybody: what may not be written twice is written twice. */
async function checkConditions(object: S3Object, info: LockInfo): Promise<void> {
  const probe = textOf({ ...info, Info: `${info.Info}, looking whether the server minds` });
  if ((await object.replace(undefined, probe)) === undefined) return;
  await object.remove();
  throw new Fault('state-failed', `the server of ${object.where} does not honour conditional writes (If-None-Match)`, {
    hint: 'a state there could be changed by two at once: keep it in S3 itself, in a server that honours them, or in a file',
  });
}

function lockOf(object: S3Object, info: LockInfo, insteadOf: LockInfo | undefined): StateLock {
  const release = async () => {
    const kept = await object.get();
    if (kept && parseLockInfo(kept.text)?.ID === info.ID) await object.remove();
  };
  return { info, insteadOf, release };
}

function holderIn({ text }: Kept, { where }: S3Object): LockInfo {
  const info = parseLockInfo(text);
  if (info) return info;
  throw new Fault('state-locked', `the lock ${where} cannot be read: it does not say who has it`, {
    hint: 'see that no rollout is under way, then remove that object',
  });
}

const textOf = (info: LockInfo) => `${JSON.stringify(info, null, 2)}\n`;
