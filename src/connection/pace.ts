/**
 * How many log in at the same time. sshd drops connections at random where ten have not logged in yet, and all of them
 * from a hundred on (`MaxStartups 10:30:100`, sshd_config(5)); of more handshakes than the processor can do together, those
 * that wait run out of time.
 */

import { Gate } from './gate.ts';
import { hearing } from './silence.ts';

/** Leaves room for others' logins. */
const AT_ONE_ADDRESS = 8;
const IN_ALL = 64;

const handshakes = new Gate(IN_ALL);
const addresses = new Map<string, Gate>();

/** A way to one sshd, from connecting until it is logged in. */
export async function atAddress<T>(address: string, work: () => Promise<T>): Promise<T> {
  const gate = addresses.get(address) ?? new Gate(AT_ONE_ADDRESS);
  addresses.set(address, gate);
  try {
    // Who waits here is at no work: else those that are let in again after a silence might wait for them.
    return await gate.through(work, hearing);
  } finally {
    if (gate.deserted && addresses.get(address) === gate) addresses.delete(address);
  }
}

/** A login over a connection that is there: who does not even answer keeps nobody waiting. */
export function handshake<T>(work: () => Promise<T>): Promise<T> {
  return handshakes.through(work);
}
