/** The control machine itself as a host: shells are child processes. */

import { spawn } from 'node:child_process';
import type { Connection, Pipe } from './connection.ts';

/** Milliseconds that a shell whose stdin has ended has to remove its files, before it is told to end. */
const GRACE = 2000;

/** Milliseconds that a shell that was told to end has for that: on a machine with much else to do removing files takes a while. */
const LAST_GRACE = 5000;

export function openLocal(): Connection {
  const pipes = new Set<Pipe>();
  let lose: (why: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => {
    lose = resolve;
  });
  return {
    lost,
    start: async (command) => {
      const pipe = startProcess(['/bin/sh', '-c', command]);
      pipes.add(pipe);
      void pipe.closed.then(() => pipes.delete(pipe));
      return pipe;
    },
    close: async () => {
      await Promise.all([...pipes].map(endPipe));
      lose('closed');
    },
  };
}

/** Lets a process end by itself, when its stdin has ended, or else ends it. */
export async function endPipe(pipe: Pipe): Promise<void> {
  if (!pipe.stdin.writableEnded) pipe.stdin.end();
  const timer = setTimeout(() => pipe.destroy(), GRACE);
  await pipe.closed;
  clearTimeout(timer);
}

/** A local process as a pipe, in a process group of its own so that all of it can be ended. */
export function startProcess(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Pipe {
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env });
  const closed = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(signal ? `killed by ${signal}` : `exit ${code}`));
  });
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      child.kill(signal);
    }
  };
  const destroy = () => {
    kill('SIGTERM');
    // A shell that waits for words obeys a signal only when it has read some, or the end.
    child.stdin.destroy();
    const timer = setTimeout(() => kill('SIGKILL'), LAST_GRACE);
    void closed.then(() => clearTimeout(timer));
  };
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, closed, destroy };
}
