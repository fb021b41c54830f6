/** The control machine itself as a host: shells are child processes. */

import { spawn } from 'node:child_process';
import type { Connection, Pipe } from './connection.ts';

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
      for (const pipe of pipes) pipe.destroy();
      lose('closed');
    },
  };
}

/** A local process as a pipe, in a process group of its own so that all of it can be ended. */
export function startProcess(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Pipe {
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env });
  const closed = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(signal ? `killed by ${signal}` : `exit ${code}`));
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    closed,
    destroy: () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      } catch {
        child.kill('SIGKILL');
      }
    },
  };
}
