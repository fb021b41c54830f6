/** Addresses of the sandbox's network as ones of loopback, where no root is needed. Linux has 16 million of them. */

import { pid, platform } from 'node:process';
import type { Addresses } from '../../src/sandbox/cloud/balancing/addresses.ts';

/** Test files run in processes of their own at the same time: each process has addresses of its own. */
const OWN = 1 + (pid % 4095);

export class LoopbackAddresses implements Addresses {
  readonly raised = new Set<string>();
  /** Those that cannot be raised. */
  readonly broken = new Set<string>();

  readonly raise = async (address: string): Promise<void> => {
    if (this.broken.has(address)) throw new Error(`no ${address} today`);
    this.raised.add(address);
  };

  readonly lower = async (address: string): Promise<void> => {
    this.raised.delete(address);
  };

  readonly all = async (): Promise<readonly string[]> => [...this.raised];

  /** Of a network of 4096 addresses the last twelve bits stay. */
  readonly reach = (address: string): string => {
    // Elsewhere there is one; ports tell who is who.
    if (platform !== 'linux') return '127.0.0.1';
    const [third = 0, last = 0] = address.split('.').map(Number).slice(2);
    const upper = OWN * 16 + (third % 16);
    return `127.${upper >> 8}.${upper & 255}.${last}`;
  };
}
