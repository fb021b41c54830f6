import { Fault } from '../fault.ts';

export function interrupted(): Fault {
  return new Fault('interrupted', 'the run was interrupted');
}

/** Waits; rejects with Fault `interrupted` when the signal is raised. */
export function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(interrupted());
    };
    if (signal.aborted) return stop();
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, seconds * 1000);
    signal.addEventListener('abort', stop, { once: true });
  });
}
