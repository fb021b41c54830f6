/** How long a program takes from its start to the first byte of SSH that arrives at a host. */

import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Engine } from './engines/engine.ts';
import { type Cost, measure } from './measure.ts';
import type { Place } from './place.ts';

/** Undefined where the engine has no such case. */
export async function firstByte(engine: Engine, place: Place, limit: number): Promise<Cost | undefined> {
  let arrived: number | undefined;
  // It takes the first bytes and hangs up, so the program fails.
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      arrived ??= performance.now();
      socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  const inventory = join(place.scratch, 'first-byte.ini');
  await writeFile(inventory, `here ansible_host=127.0.0.1 ansible_port=${port} ansible_host_key_checking=false\n`);
  const command = await engine.command('first-byte', { ...place, inventory, addresses: [`127.0.0.1:${port}`] });
  try {
    if (!command) return undefined;
    const started = performance.now();
    const cost = await measure(command, limit, place.scratch);
    if (arrived === undefined) return { ...cost, status: 1 };
    return { ...cost, wall: (arrived - started) / 1000, status: 0 };
  } finally {
    server.close();
  }
}
