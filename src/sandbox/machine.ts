/** Which machines a sandbox has. A machine is a folder with its name and number, and a host's key; its disk comes and goes. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, textOf, writeWhole } from './files.ts';
import type { Home } from './home.ts';
import { removeTree } from './mounts.ts';
import { run } from './run.ts';

export interface Machine {
  readonly name: string;
  /** Gives the address; counts from 1. */
  readonly number: number;
  readonly folder: string;
}

/** The hosts that are there, by number. */
export function readMachines(home: Home): Promise<readonly Machine[]> {
  return machinesIn(home.machines);
}

/** The machines of the cloud's instances, by number; their names are the ids. */
export function readInstances(home: Home): Promise<readonly Machine[]> {
  return machinesIn(home.instances);
}

async function machinesIn(parent: string): Promise<readonly Machine[]> {
  const machines: Machine[] = [];
  for (const name of await namesIn(parent)) {
    const folder = join(parent, name);
    const number = Number(await textOf(join(folder, 'number')));
    if (number > 0) machines.push({ name, number, folder });
  }
  return machines.sort((a, b) => a.number - b.number);
}

/** Gives a new machine its identity. The number is written last: without it the folder is no machine. */
export async function createMachine(home: Home, name: string, number: number): Promise<Machine> {
  const folder = join(home.machines, name);
  await removeTree(folder);
  await mkdir(folder, { recursive: true });
  await createKey(hostKeyOf({ name, number, folder }), name);
  await writeWhole(join(folder, 'number'), `${number}\n`);
  return { name, number, folder };
}

/** The private host key; its public half is beside it. It outlives a reset. */
export function hostKeyOf(machine: Machine): string {
  return join(machine.folder, 'host_key');
}

/** Makes an ed25519 key pair without a passphrase. */
export async function createKey(path: string, comment: string): Promise<void> {
  await run(['rm', '-f', path, `${path}.pub`]);
  await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path]);
}

export function rootOf(machine: Machine): string {
  return join(machine.folder, 'root');
}

export function consoleOf(machine: Machine): string {
  return join(machine.folder, 'console.log');
}
