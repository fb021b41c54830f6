/** Which process works on a run: a file with its id, its start and its machine. A dead process holds nothing. */

import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { pid } from 'node:process';
import { Fault } from '../../fault.ts';
import { isLive, startOf } from './live-process.ts';

/** Takes the lock; the function that it returns lets it go. Throws `run-busy` while a living process holds it. */
export function lockRun(file: string, run: string): () => void {
  const own = `${pid} ${startOf(pid)} ${hostname()}\n`;
  const draft = `${file}.${pid}`;
  writeFileSync(draft, own);
  try {
    for (let tries = 0; ; tries++) {
      try {
        linkSync(draft, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      if (isLocked(file) || tries > 2) throw busy(run, file);
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whether a living process holds it. A process of another machine counts as living: it cannot be asked. */
export function isLocked(file: string): boolean {
  const holder = textOf(file);
  if (holder === undefined) return false;
  const [id = '', start = '', host = ''] = holder.trim().split(' ');
  if (host !== hostname()) return host !== '';
  return isLive(Number(id), start);
}

function busy(run: string, file: string): Fault {
  const [id, , host] = (textOf(file) ?? '').trim().split(' ');
  return new Fault('run-busy', `the process ${id} on ${host} is at work on the run ${run}`, {
    hint: `wait for its end, or end it; if that machine is gone for good, remove ${file}`,
  });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
