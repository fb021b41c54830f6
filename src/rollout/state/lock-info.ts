/** What a lock says of its holder: Terraform's fields, and the process. */

import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { pid } from 'node:process';
import manifest from '../../../package.json' with { type: 'json' };
import { isLive, startOf } from '../../bake/journal/live-process.ts';
import { Fault } from '../../fault.ts';

export interface LockInfo {
  readonly ID: string;
  /** `apply`, `rollback` … */
  readonly Operation: string;
  /** For people. */
  readonly Info: string;
  /** `user@host`. */
  readonly Who: string;
  /** Of playbake. */
  readonly Version: string;
  /** ISO 8601. */
  readonly Created: string;
  /** Where the state is. */
  readonly Path: string;
  readonly Process: { readonly Machine: string; readonly Id: number; readonly Start: string };
}

export function newLockInfo(operation: string, path: string): LockInfo {
  return {
    ID: randomUUID(),
    Operation: operation,
    Info: `process ${pid}`,
    Who: `${user()}@${hostname()}`,
    Version: manifest.version,
    Created: new Date().toISOString(),
    Path: path,
    Process: { Machine: machine(), Id: pid, Start: startOf(pid) },
  };
}

/** Undefined for a text that is no lock, as one that was cut off. */
export function parseLockInfo(text: string): LockInfo | undefined {
  try {
    const info: LockInfo = JSON.parse(text);
    return typeof info.ID === 'string' && info.ID !== '' ? info : undefined;
  } catch {
    return undefined;
  }
}

/** Whether its holder is known to be dead: a process of this machine, since it was started last. All others may live. */
export function isAbandoned({ Process }: LockInfo): boolean {
  if (Process?.Machine !== machine()) return false;
  return !isLive(Process.Id, Process.Start);
}

/** The fault of one who finds the state locked, in Terraform's words. */
export function lockedFault(info: LockInfo): Fault {
  return new Fault(
    'state-locked',
    `Error acquiring the state lock: the state is locked by another process\n${lockedText(info)}`,
    {
      hint: `wait for its end; when it is known to be dead, \`rollout unlock ${info.ID}\` removes its lock`,
    },
  );
}

/** Its fields, for people. */
export function lockedText(info: LockInfo): string {
  const keys = ['ID', 'Path', 'Operation', 'Who', 'Version', 'Created', 'Info'] as const;
  return ['Lock Info:', ...keys.map((key) => `  ${`${key}:`.padEnd(11)}${info[key] ?? ''}`)].join('\n');
}

/** This machine since its start, as far as processes can be seen: containers have processes of their own. */
function machine(): string {
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const processes = attempt(() => readlinkSync('/proc/self/ns/pid'));
  return [hostname(), boot, processes].join(' ');
}

function user(): string {
  return attempt(() => userInfo().username);
}

function attempt(look: () => string): string {
  try {
    return look();
  } catch {
    return '-';
  }
}
