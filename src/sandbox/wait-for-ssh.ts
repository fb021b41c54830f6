/** Waiting until a machine answers. */

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../fault.ts';
import { interrupted } from './run.ts';

export interface WaitOptions {
  /** Whether it is still worth waiting. */
  readonly alive: () => boolean;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; a minute and a half by default. */
  readonly timeout?: number;
}

/** Resolves when an SSH server sends its banner at `address`; on the sandbox's machines users may log in from then on. */
export async function waitForSsh(address: string, { alive, signal, timeout = 90_000 }: WaitOptions): Promise<void> {
  const end = Date.now() + timeout;
  while (!(await bannerAt(address))) {
    if (signal?.aborted) throw interrupted();
    if (!alive()) throw new Fault('sandbox-failed', `the machine at ${address} ended while it booted`);
    if (Date.now() > end) throw new Fault('sandbox-failed', `the machine at ${address} does not answer on port 22`);
    await sleep(50);
  }
}

function bannerAt(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22 });
    const answer = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.setTimeout(2000, () => answer(false));
    socket.once('data', (data) => answer(data.toString('latin1').startsWith('SSH-2.0-')));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
  });
}
