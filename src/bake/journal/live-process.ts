/** Processes of this machine, told apart by their number and their start: a number in other hands is another process. */

import { readFileSync } from 'node:fs';
import { kill } from 'node:process';

/** When a process was started; `-` where that cannot be known, as of one that has ended. */
export function startOf(id: number): string {
  const stat = statOf(id);
  // The second field is a name in parentheses, which may hold blanks.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
}

/** Whether the process that was started then lives. */
export function isLive(id: number, start: string): boolean {
  return isAlive(id) && startOf(id) === start;
}

function isAlive(id: number): boolean {
  try {
    return kill(id, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function statOf(id: number): string | undefined {
  try {
    return readFileSync(`/proc/${id}/stat`, 'utf8');
  } catch {
    return undefined;
  }
}
