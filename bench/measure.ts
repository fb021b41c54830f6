/** Runs a program to its end and tells what it cost. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';

export interface Command {
  readonly words: readonly [string, ...string[]];
  readonly environment?: { readonly [name: string]: string };
}

export interface Cost {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of the processor on this machine: the program and all children that it waited for. */
  readonly cpu: number;
  /** The most memory that the program itself had, without its children; megabytes. */
  readonly peak: number;
  readonly status: number;
  /** The end of what it said. */
  readonly said: string;
}

/** Writes the program's process id and, when it has ended, the shell's `times` to descriptor 3. */
const WATCH = '"$@" 3>&- & echo $! >&3; wait $!; status=$?; times >&3; exit $status';

/** @param limit seconds; a program that takes longer is ended. */
export async function measure({ words, environment }: Command, limit: number, cwd: string): Promise<Cost> {
  const started = performance.now();
  const child = spawn('/bin/sh', ['-c', WATCH, 'sh', ...words], {
    cwd,
    detached: true,
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let [said, told, peak] = ['', '', 0];
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4000);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  (child.stdio[3] as Readable).on('data', (chunk: Buffer) => {
    told += chunk.toString('utf8');
  });
  const looks = setInterval(() => {
    peak = Math.max(peak, peakOf(told.split('\n')[0] ?? ''));
  }, 25);
  const end = () => child.pid && process.kill(-child.pid, 'SIGKILL');
  const ending = setTimeout(end, limit * 1000);
  // It is in a process group of its own, which Ctrl-C does not reach.
  const interrupt = () => {
    end();
    process.exit(130);
  };
  process.once('SIGINT', interrupt);
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? -1));
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const status = await exit;
  const wall = (performance.now() - started) / 1000;
  clearInterval(looks);
  clearTimeout(ending);
  process.off('SIGINT', interrupt);
  // What it left running may keep its output open.
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 200))]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { wall, cpu: cpuOf(told), peak, status, said };
}

/** The second line of `times` is what the children took: `0m1.250s 0m0.110s`. */
function cpuOf(told: string): number {
  const line = told.trim().split('\n').at(-1) ?? '';
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, seconds]) => {
    return sum + Number(minutes) * 60 + Number(seconds);
  }, 0);
}

function peakOf(id: string): number {
  if (id === '') return 0;
  try {
    const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'));
    return Number(found?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
