import { codeOf, isNotFound } from './cloud-error.ts';
import { type Look, waitFor } from './wait-for.ts';

/** How long the cloud may take to know everywhere what it has made. */
const SETTLING = 60_000;

export interface OnceKnownOptions {
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  /** Codes that speak of things of ours, which are there. Default: all that say that something is not there. */
  readonly ours?: RegExp;
}

/** A call about things that were made a moment ago: made again while the cloud does not know them. Throws what it throws. */
export function onceKnown<T>(call: () => Promise<T>, { signal, progress, ours = /./ }: OnceKnownOptions): Promise<T> {
  const look = async (): Promise<Look<{ readonly answer: T } | { readonly error: unknown }>> => {
    try {
      return { ready: { answer: await call() } };
    } catch (error) {
      if (isNotFound(error) && !ours.test(codeOf(error))) return { ready: { error } };
      throw error;
    }
  };
  const what = 'what was made to be known';
  const options = { what, timeout: SETTLING, settling: SETTLING, first: 250, most: 2000, signal, progress };
  return waitFor(look, options).then((found) => {
    if ('error' in found) throw found.error;
    return found.answer;
  });
}
