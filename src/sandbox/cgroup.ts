/** Control groups: how the sandbox knows, and ends, every process of a machine. Works on v2, and on v1 with or without hybrid. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../fault.ts';
import type { Command } from './run.ts';

const MOUNT = '/sys/fs/cgroup';

/** The hierarchies in which a process is in a group of ours; the first one counts. */
function hierarchies(): readonly string[] {
  if (existsSync(join(MOUNT, 'cgroup.controllers'))) return [MOUNT];
  return ['systemd', 'unified'].map((name) => join(MOUNT, name)).filter((path) => existsSync(path));
}

/** Makes the group `name` (a path) and answers with its folders, one in each hierarchy. */
export async function createGroup(name: string): Promise<readonly string[]> {
  const folders = hierarchies().map((hierarchy) => join(hierarchy, name));
  if (folders.length === 0) throw new Fault('sandbox-unavailable', `no control groups are mounted at ${MOUNT}`);
  for (const folder of folders) await mkdir(folder, { recursive: true });
  return folders;
}

/** The names of the groups directly in group `name`. */
export function groupsIn(name: string): readonly string[] {
  const found = hierarchies().flatMap((hierarchy) => foldersIn(join(hierarchy, name)));
  return [...new Set(found)].sort();
}

/** The process ids of group `name` and of all below it. */
export function processesOf(name: string): readonly number[] {
  const ids = new Set<number>();
  for (const folder of hierarchies().flatMap((hierarchy) => tree(join(hierarchy, name)))) {
    // A process of another pid namespace shows as 0.
    for (const id of processesIn(folder)) if (id > 1) ids.add(id);
  }
  return [...ids];
}

/** Whether a process is in group `name` or below it. Asked often, so it looks no further than it must. */
export function isPopulated(name: string): boolean {
  return hierarchies().some((hierarchy) => hasProcess(join(hierarchy, name)));
}

function hasProcess(folder: string): boolean {
  if (processesIn(folder).some((id) => id > 1)) return true;
  return foldersIn(folder).some((name) => hasProcess(join(folder, name)));
}

/** Ends every process of the group at once, waits until they are gone, and removes it. */
export async function removeGroup(name: string): Promise<void> {
  for (let round = 0; processesOf(name).length > 0; round += 1) {
    if (round > 500) throw new Fault('sandbox-failed', `processes ${processesOf(name).join(', ')} do not end`);
    for (const id of processesOf(name)) end(id);
    await sleep(10);
  }
  for (const folder of hierarchies().flatMap((hierarchy) => tree(join(hierarchy, name)))) await removeFolder(folder);
}

function end(id: number): void {
  try {
    kill(id, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** A group stays busy for a moment after its last process has ended. */
async function removeFolder(folder: string): Promise<void> {
  for (let round = 0; existsSync(folder); round += 1) {
    try {
      await rmdir(folder);
    } catch (error) {
      if (round > 200) throw error;
      await sleep(10);
    }
  }
}

/** The folder and all below it, deepest first. */
function tree(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return [...foldersIn(folder).flatMap((name) => tree(join(folder, name))), folder];
}

function foldersIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

function processesIn(folder: string): readonly number[] {
  try {
    return readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** The command, run in a group; `folders` are those of createGroup. */
export function inGroup(folders: readonly string[], command: Command): Command {
  const enter = 'for folder in $1; do echo $$ >"$folder/cgroup.procs"; done; shift; exec "$@"';
  return ['sh', '-eu', '-c', enter, 'sh', folders.join(' '), ...command];
}
