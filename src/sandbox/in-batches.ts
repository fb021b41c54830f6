import { availableParallelism } from 'node:os';
import { eachLimited } from '../play/limit.ts';

/**
 * As many at a time as keep the machine busy; they wait on the kernel more than they compute. After a failure nothing
 * new begins, and what has begun is awaited: nobody may still be at work when the lock is given back.
 */
export async function inBatches<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  await eachLimited(items, availableParallelism() * 4, work);
}
