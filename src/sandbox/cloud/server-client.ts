/** How other processes find a sandbox's server, start it, and tell it things. */

import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../fault.ts';
import { textOf } from '../files.ts';
import type { Home } from '../home.ts';
import { withLock } from '../lock.ts';
import { type Command, commandEnvironment, interrupted } from '../run.ts';
import type { Injections } from './injections.ts';
import { MANAGE_HEADER, type ServerStatus } from './manage.ts';

/** What a client needs to call the sandbox as it would call AWS. Any keys will do; these are for clients that want some. */
export interface CloudAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface EnsureOptions {
  readonly home: Home;
  /** The command that serves in the foreground; it gets $PLAYBAKE_SANDBOX. */
  readonly command: Command;
  readonly onProgress: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The exit status with which a server ends when it was told to crash: then it is started anew. */
export const CRASHED = 70;

const AGAIN = `while :; do "$@"; [ $? = ${CRASHED} ] || exit; sleep 1; done`;

/** The running server of the sandbox; it is started, and stays, where there is none. */
export async function ensureServer(options: EnsureOptions): Promise<CloudAccess> {
  const { home, signal } = options;
  const running = await runningServer(home);
  if (running !== undefined) return accessOf(running);
  const start = async () => (await runningServer(home)) ?? (await startServer(options));
  return accessOf(await withLock(home.startLock, start, { signal }));
}

export function accessOf(endpoint: string): CloudAccess {
  return { endpoint, region: 'us-east-1', accessKeyId: 'AKIASANDBOX000000000', secretAccessKey: 'sandbox' };
}

/** The endpoint of the server, if it runs and answers. */
export async function runningServer(home: Home): Promise<string | undefined> {
  const endpoint = await announcedEndpoint(home);
  if (endpoint === undefined) return undefined;
  const status = await ask<ServerStatus>(endpoint, 'GET', 'status').catch(() => undefined);
  return status?.home === home.root ? endpoint : undefined;
}

/** Ends the server, if it runs; what it is doing is done first. */
export async function stopServer(home: Home): Promise<void> {
  const endpoint = await runningServer(home);
  if (endpoint === undefined) return;
  await ask(endpoint, 'POST', 'stop');
  while ((await runningServer(home)) !== undefined) await sleep(50);
}

export function setInjections(endpoint: string, injections: Injections): Promise<Injections> {
  return ask<Injections>(endpoint, 'PUT', 'injections', injections);
}

export async function injectionsOf(endpoint: string): Promise<Injections> {
  return (await ask<ServerStatus>(endpoint, 'GET', 'status')).injections;
}

async function startServer({ home, command, onProgress, signal }: EnsureOptions): Promise<string> {
  await mkdir(dirname(home.serverLog), { recursive: true });
  const log = await open(home.serverLog, 'w');
  try {
    const child = spawn('sh', ['-c', AGAIN, 'sh', ...command], {
      cwd: '/',
      env: { ...commandEnvironment(), PLAYBAKE_SANDBOX: home.root },
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    let alive = true;
    void ended.then(() => {
      alive = false;
    });
    child.unref();
    return await announced(home, () => alive, onProgress, signal);
  } finally {
    await log.close();
  }
}

/** Waits until the server answers; what it says on the way is handed on. */
async function announced(
  home: Home,
  alive: () => boolean,
  onProgress: (message: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  let told = 0;
  for (;;) {
    const said = ((await textOf(home.serverLog)) ?? '').split('\n').slice(0, -1);
    for (const line of said.slice(told)) onProgress(line);
    told = said.length;
    const endpoint = await runningServer(home);
    if (endpoint !== undefined) return endpoint;
    if (signal?.aborted) throw interrupted();
    if (!alive()) {
      throw new Fault('sandbox-failed', `the sandbox's server did not start: ${said.slice(-2).join('; ')}`, {
        hint: `all that it said is in ${home.serverLog}`,
      });
    }
    await sleep(50);
  }
}

async function announcedEndpoint(home: Home): Promise<string | undefined> {
  const text = await textOf(home.server);
  return text === undefined ? undefined : JSON.parse(text).endpoint;
}

async function ask<T = unknown>(endpoint: string, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${endpoint}/playbake/${path}`, {
    method,
    headers: { [MANAGE_HEADER]: '1', connection: 'close' },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const answer: T = JSON.parse(await response.text());
  if (!response.ok)
    throw new Fault('sandbox-failed', `the sandbox's server refused ${path}: ${JSON.stringify(answer)}`);
  return answer;
}
