/** Our own waiters. The SDK's poll on through refusals and do not know every state in which there is nothing to wait for. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../fault.ts';
import { isNotFound, isPassing } from './cloud-error.ts';

/** What a look found: what was waited for, or how far it is. A look throws when there is nothing left to wait for. */
export type Look<T> = { readonly ready: T } | { readonly pending: string };

export interface WaitOptions {
  /** For people: `the instance i-1 to run`. */
  readonly what: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** Told how far it is, when that changes. */
  readonly progress: (text: string) => void;
  /** Milliseconds for which "there is no such thing" means "not yet". Default: a minute. */
  readonly settling?: number;
  /** What to do when it takes too long. */
  readonly hint?: string;
  /** Milliseconds between the first looks; they grow to `most`. Default: 0.5 s, 5 s. */
  readonly first?: number;
  readonly most?: number;
}

/** How long the cloud may fail to answer, before that is a failure of its own. */
const SILENCE = 120_000;

/** Throws `cloud-timeout`, `interrupted`, and what `look` throws: refusals at once, passing errors after two minutes of them. */
export async function waitFor<T>(look: () => Promise<Look<T>>, options: WaitOptions): Promise<T> {
  const { what, timeout, signal, progress, settling = 60_000, first = 500, most = 5000 } = options;
  const started = performance.now();
  const since = () => performance.now() - started;
  let said: string | undefined;
  let answered = 0;
  for (let pause = first; ; pause = Math.min(most, pause * 1.5)) {
    if (signal.aborted) throw new Fault('interrupted', 'the run was stopped');
    const found = await lookAgain(
      look,
      () => since() < settling,
      () => since() - answered < SILENCE,
    );
    if (!('error' in found)) answered = since();
    if ('ready' in found) return found.ready;
    if (found.pending !== said) progress(found.pending);
    said = found.pending;
    if (since() >= timeout) {
      // Why nothing was seen says more than that nothing was seen.
      if ('error' in found) throw found.error;
      throw new Fault('cloud-timeout', `waited ${Math.round(timeout / 1000)} s for ${what}; it is ${said}`, {
        hint: options.hint,
      });
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** `error`: why there was no answer. */
type Seen<T> = Look<T> | { readonly pending: string; readonly error: unknown };

async function lookAgain<T>(
  look: () => Promise<Look<T>>,
  settles: () => boolean,
  isPatient: () => boolean,
): Promise<Seen<T>> {
  try {
    return await look();
  } catch (error) {
    if (isPassing(error) && isPatient()) return { pending: 'not to be asked at the moment', error };
    if (isNotFound(error) && settles()) return { pending: 'not known yet' };
    throw error;
  }
}
