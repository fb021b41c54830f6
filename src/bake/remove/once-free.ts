import { codeOf, isNotFound } from '../../cloud/cloud-error.ts';
import { waitFor } from '../../cloud/wait-for.ts';
import type { Removal } from './removal.ts';

export interface Freed {
  /** As it is called in messages, such as `the volume vol-1`. */
  readonly what: string;
  readonly remove: () => Promise<unknown>;
  /** EC2's code while something else uses it. */
  readonly code: string;
  /** Milliseconds. Default: ten minutes. */
  readonly timeout?: number;
}

/** Removes what something else may still use for a moment. Throws what the cloud answers, also when time is up. */
export async function onceFree({ what, remove, code, timeout = 10 * 60_000 }: Freed, removal: Removal): Promise<void> {
  const look = async () => {
    try {
      await remove();
      return { ready: true };
    } catch (error) {
      if (isNotFound(error)) return { ready: true };
      if (codeOf(error) === code) return { pending: `${what} is still in use` };
      throw error;
    }
  };
  const { signal, progress } = removal;
  await waitFor(look, { what: `${what} to be free`, timeout, signal, progress });
}
