import { availableParallelism } from 'node:os';

/**
 * As many at a time as keep the machine busy; they wait on the kernel more than they compute. After a failure nothing
 * new begins, and what has begun is awaited: nobody may still be at work when the lock is given back.
 */
export async function inBatches<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  const workers = Array.from({ length: availableParallelism() * 4 }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await work(item).catch((error: unknown) => {
        queue.length = 0;
        throw error;
      });
    }
  });
  const failed = (await Promise.allSettled(workers)).find((result) => result.status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
