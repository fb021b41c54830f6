/** How often a host is asked for a sign of life: seldom enough that a thousand of them together cost next to nothing. */

import type { Client } from 'ssh2';

/** Seconds. */
const [OFTEN, SELDOM] = [5, 20];
/** Signs of life a second, of all hosts together, up to SELDOM. */
const TOGETHER = 20;

let connections = 0;

export function openConnections(): number {
  return connections;
}

/** Counts a connection until it closes. */
export function noteConnection(client: Client): void {
  connections++;
  client.once('close', () => connections--);
}

/** Seconds between signs of life of one host among so many. */
export function keepaliveFor(hosts: number): number {
  return Math.min(SELDOM, Math.max(OFTEN, hosts / TOGETHER));
}
