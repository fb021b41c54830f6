/** One at a time: a lock that the kernel drops when its holder dies, however it dies. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pid } from 'node:process';
import { Fault } from '../fault.ts';
import { textOf } from './files.ts';
import { commandEnvironment, interrupted } from './run.ts';

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once, with the process id of the holder, when the lock is taken and one must wait. */
  readonly onWait?: ((holder: string) => void) | undefined;
}

/**
 * Does `work` while no other process holds the lock `file`. Node has no flock(2), so a small `flock` holds it for us
 * and reads a pipe of ours: when this process ends, even by kill -9, the pipe closes and the lock is free.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const holder = await acquire(file, options);
  try {
    await writeFile(file, `${pid}\n`);
    return await work();
  } finally {
    await release(holder);
  }
}

async function acquire(file: string, { signal, onWait }: LockOptions): Promise<ChildProcess> {
  for (let waits = false; ; ) {
    await mkdir(dirname(file), { recursive: true });
    const held = await take(file, !waits, signal);
    if (held === undefined && waits) throw new Fault('sandbox-failed', `cannot lock ${file}`);
    if (held === undefined) {
      waits = true;
      onWait?.(((await textOf(file)) ?? '').trim());
    } else if (held.inode === (await inodeOf(file))) return held.holder;
    // The file that we waited for was removed by its last holder: what we hold is nobody's lock.
    else await release(held.holder);
  }
}

interface Held {
  readonly holder: ChildProcess;
  readonly inode: number;
}

/** Answers undefined when somebody else holds the lock and `atOnce` forbids to wait. */
function take(file: string, atOnce: boolean, signal?: AbortSignal): Promise<Held | undefined> {
  if (signal?.aborted) return Promise.reject(interrupted());
  // flock opens the file as its first descriptor after the standard three, and hands it on.
  const script = 'stat --dereference --format=%i /proc/self/fd/3; exec cat';
  const args = [...(atOnce ? ['--nonblock'] : []), '--no-fork', file, 'sh', '-c', script];
  // In a session of its own: a Ctrl-C at the terminal must not free the lock while we still clean up.
  const child = spawn('flock', args, { env: commandEnvironment(), stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => {
      signal?.removeEventListener('abort', stop);
      resolve({ holder: child, inode: Number(data) });
    });
    child.once('error', (cause) => reject(new Fault('sandbox-failed', `cannot lock ${file}`, { cause })));
    child.once('close', () => (signal?.aborted ? reject(interrupted()) : resolve(undefined)));
  });
}

async function inodeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).ino;
  } catch {
    return undefined;
  }
}

function release(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    holder.once('close', () => resolve());
    holder.stdin?.end();
  });
}
