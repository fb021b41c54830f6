import { isNotFound } from '../../cloud/cloud-error.ts';
import { waitFor } from '../../cloud/wait-for.ts';
import type { Removal } from './removal.ts';

/** Milliseconds for which the cloud may not yet show what it was asked for. */
const SETTLING = 30_000;

/**
 * The ids that `look` finds for something whose id was never noted. Looks again for a while where it is young: a process
 * that was killed after its call may have made it all the same. Throws what `look` throws.
 */
export async function found(look: () => Promise<readonly string[]>, removal: Removal): Promise<readonly string[]> {
  const { age, signal, progress } = removal;
  const started = performance.now();
  return waitFor(
    async () => {
      const ids = await look().catch((error: unknown) => {
        if (isNotFound(error)) return [];
        throw error;
      });
      if (ids.length > 0 || age + performance.now() - started >= SETTLING) return { ready: ids };
      return { pending: 'looking for what may have been made' };
    },
    { what: 'what may have been made', timeout: SETTLING * 2, signal, progress },
  );
}
