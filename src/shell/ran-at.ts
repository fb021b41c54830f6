/** When a command ran, from its frame: one wall clock per shell and the uptimes around the command, which cost no process. */

import type { Ran } from './steps.ts';

export function ranAt([wall = '', ...uptimes]: readonly string[]): Ran['time'] {
  const [since, start, end] = uptimes.map((uptime) => Math.round(Number(uptime) * 1e6));
  const began = microseconds(wall);
  if (![began, since, start, end].every(Number.isFinite)) return undefined;
  const at = (uptime: number) => began + uptime - (since ?? 0);
  const [from, to] = [at(start ?? 0), at(end ?? 0)];
  return { start: clock(from), end: clock(to), delta: delta(Math.max(0, to - from)) };
}

/** Of the host's local time, taken as if it were UTC; a `date` without `%N` tells whole seconds. */
function microseconds(wall: string): number {
  const [, seconds = '', fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?/.exec(wall) ?? [];
  return Date.parse(`${seconds}Z`) * 1000 + Number(fraction.padEnd(6, '0'));
}

/** As Python's `datetime` prints them: no microseconds where there are none. */
function clock(micros: number): string {
  const text = new Date(Math.floor(micros / 1000)).toISOString().slice(0, 19).replace('T', ' ');
  return text + fraction(micros);
}

function delta(micros: number): string {
  const seconds = Math.floor(micros / 1e6);
  const days = Math.floor(seconds / 86400);
  const pad = (value: number) => String(value).padStart(2, '0');
  const time = `${Math.floor((seconds % 86400) / 3600)}:${pad(Math.floor((seconds % 3600) / 60))}:${pad(seconds % 60)}`;
  return `${days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''}${time}${fraction(micros)}`;
}

function fraction(micros: number): string {
  const rest = micros % 1e6;
  return rest === 0 ? '' : `.${String(rest).padStart(6, '0')}`;
}
