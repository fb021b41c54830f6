/** The one place where the sandbox starts other programs. */

import { type ChildProcess, spawn } from 'node:child_process';
import { env as ownEnvironment } from 'node:process';
import { Fault } from '../fault.ts';

export type Command = readonly [string, ...string[]];

export interface RunOptions {
  /** Given to the program on its standard input; nothing by default. */
  readonly input?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with each line that the program writes to its standard error. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface Ended {
  /** The exit status; -1 when a signal ended the program or it could not be started. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** System administration commands are not in every user's PATH; messages are read, so they come in English. */
export function commandEnvironment(): NodeJS.ProcessEnv {
  const path = ownEnvironment['PATH'] ?? '/usr/bin:/bin';
  return { ...ownEnvironment, LC_ALL: 'C', PATH: `/usr/sbin:/usr/bin:/sbin:/bin:${path}` };
}

/** Runs a program and answers with its standard output; a failure is a Fault that ends with what the program said. */
export async function run(command: Command, options: RunOptions = {}): Promise<string> {
  const ended = await attempt(command, options);
  if (ended.status === 0) return ended.stdout;
  const said = ended.stderr.trim().split('\n').slice(-3).join('; ');
  throw new Fault('sandbox-failed', `\`${command.join(' ')}\` failed: ${said || `exit status ${ended.status}`}`);
}

/** Runs a program that may fail. */
export async function attempt(command: Command, options: RunOptions = {}): Promise<Ended> {
  if (options.signal?.aborted) throw interrupted();
  const [file, ...args] = command;
  const child = spawn(file, args, { env: commandEnvironment(), stdio: ['pipe', 'pipe', 'pipe'] });
  const stop = () => child.kill('SIGKILL');
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    const ended = await ending(child, options);
    if (options.signal?.aborted) throw interrupted();
    return ended;
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}

function ending(child: ChildProcess, { input = '', onLine, signal }: RunOptions): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  let line = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    const lines = (line + text).split('\n');
    line = lines.pop() ?? '';
    for (const whole of lines) onLine?.(whole);
  });
  // A program that does not read its input closes the pipe early; its exit status says whether that matters.
  child.stdin?.on('error', () => {}).end(input);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: -1, stdout, stderr: error.message }));
    // What it started may live on and keep its pipes open; who was asked to stop does not wait for that.
    child.on('exit', () => {
      if (!signal?.aborted) return;
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    child.on('close', (status) => resolve({ status: status ?? -1, stdout, stderr }));
  });
}

export function interrupted(): Fault {
  return new Fault('interrupted', 'the sandbox was interrupted', {
    hint: 'run `playbake sandbox up` to go on, or `playbake sandbox down` to remove what is there',
  });
}
