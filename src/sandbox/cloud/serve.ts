/** The API server of a sandbox as a process: from its start until it is told to stop. */

import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { pid } from 'node:process';
import { Fault } from '../../fault.ts';
import { writeWhole } from '../files.ts';
import { DEFAULT_HOME, type Home } from '../home.ts';
import { withLock } from '../lock.ts';
import { watchBalancing } from './balancing/watch-balancing.ts';
import { CallLog } from './call-log.ts';
import { Injector } from './injections.ts';
import { manageWith } from './manage.ts';
import { serveMetadata } from './metadata-server.ts';
import { openCloud } from './open-cloud.ts';
import { watchGroups } from './scaling/watch-groups.ts';
import { createApiServer } from './server.ts';
import { watchInstances } from './watch-instances.ts';

/** Milliseconds that requests through load balancers have to end when the server is told to. */
const PATIENCE = 3000;

/** Where the default sandbox listens; others take a free port where it is taken. */
export const PORT = 4577;

export interface ServeOptions {
  readonly home: Home;
  /** By default 4577 where it is free and this is the default home, else any free port. */
  readonly port?: number | undefined;
  readonly onProgress: (message: string) => void;
  /** Called when calls are answered, with the address. */
  readonly onReady: (endpoint: string) => void;
  /** Called with what goes wrong in the background. */
  readonly onError: (title: string, error: unknown) => void;
  /** Ends the process at once, as a crash does. */
  readonly crash: () => void;
  readonly signal: AbortSignal;
}

/** Resolves when the server has been told to stop and has finished what it was doing. Instances go on running. */
export async function serve(options: ServeOptions): Promise<void> {
  const onWait = (holder: string) => {
    throw new Fault('sandbox-failed', `the sandbox has a server already: process ${holder}`);
  };
  await withLock(options.home.serverLock, () => serveAlone(options), { signal: options.signal, onWait });
}

async function serveAlone(options: ServeOptions): Promise<void> {
  const { home, onReady, crash, signal } = options;
  const injector = await Injector.open(home.injections);
  const cloud = await openCloud(home, options);
  const metadata = await serveMetadata(cloud);
  const watches = [watchInstances(cloud), watchGroups(cloud), watchBalancing(cloud)];
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  signal.addEventListener('abort', stop, { once: true });
  const manage = manageWith({ cloud, injector, pid, stop });
  const server = createApiServer({ cloud, injector, log: new CallLog(home.calls), crash, manage });
  const endpoint = `http://127.0.0.1:${await listen(server, home, options.port)}`;
  try {
    await writeWhole(home.server, `${JSON.stringify({ pid, endpoint })}\n`);
    onReady(endpoint);
    if (!stopped.signal.aborted) await once(stopped.signal, 'abort');
  } finally {
    for (const watch of watches) watch.stop();
    await rm(home.server, { force: true });
    server.close();
    server.closeIdleConnections();
    await cloud.balancing.stop(PATIENCE);
    await cloud.idle();
    await cloud.store.flush();
    await metadata.stop();
    server.closeAllConnections();
  }
}

async function listen(server: Server, home: Home, wanted: number | undefined): Promise<number> {
  const first = wanted ?? (home.root === DEFAULT_HOME ? PORT : 0);
  const port = (await bound(server, first)) ?? (wanted === undefined ? await bound(server, 0) : undefined);
  if (port !== undefined) return port;
  throw new Fault('sandbox-failed', `port ${first} of 127.0.0.1 is in use`, { hint: 'name another with --port' });
}

/** The port that the server got, or undefined when somebody else has it. */
function bound(server: Server, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(undefined) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
