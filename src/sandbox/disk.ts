/** A machine's disk: what it has written over the layers below. */

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rename } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { namesIn, textOf, writeWhole } from './files.ts';
import type { Home } from './home.ts';
import { hostKeyOf, type Machine, rootOf } from './machine.ts';
import { mountOverlay, removeTree, unmountBelow } from './mounts.ts';
import { attempt } from './run.ts';
import { plant } from './settings-layer.ts';

/** What a new disk is made from. */
export interface Pristine {
  /** The folders of the base and of the layer over it. */
  readonly base: string;
  readonly settings: string;
  /** Lines for /etc/hosts beyond the machine's own. */
  readonly hosts: readonly string[];
}

/** Makes a disk for a machine that has none. It is whole or it is not there, whenever we are killed. */
export async function ensureDisk(home: Home, machine: Machine, pristine: Pristine): Promise<void> {
  const disk = join(machine.folder, 'disk');
  if (existsSync(disk)) return;
  const fresh = `${disk}.new`;
  await removeTree(fresh);
  await mkdir(fresh, { recursive: true });
  const layers = [pristine.settings, pristine.base].map((layer) => relative(home.root, layer));
  await writeWhole(join(fresh, 'layers'), `${layers.join('\n')}\n`);
  await plantIdentity(join(fresh, 'upper'), machine, pristine.hosts);
  await rename(fresh, disk);
}

async function plantIdentity(upper: string, machine: Machine, hosts: readonly string[]): Promise<void> {
  const { name } = machine;
  const lines = ['127.0.0.1 localhost', `127.0.1.1 ${name}`, '::1 localhost ip6-localhost ip6-loopback', ...hosts];
  await plant(upper, { path: '/etc/hostname', content: `${name}\n` });
  await plant(upper, { path: '/etc/hosts', content: lines.map((line) => `${line}\n`).join('') });
  await plant(upper, { path: '/etc/machine-id', content: `${randomUUID().replaceAll('-', '')}\n`, mode: 0o444 });
  const key = '/etc/ssh/ssh_host_ed25519_key';
  await plant(upper, { path: key, content: await readFile(hostKeyOf(machine), 'utf8'), mode: 0o600 });
  await copyFile(`${hostKeyOf(machine)}.pub`, join(upper, `${key}.pub`));
  // The upper folders hide the modes of those below.
  for (const folder of ['', 'etc', 'etc/ssh']) await chmod(join(upper, folder), 0o755);
}

/** Takes the disk of a stopped machine away. */
export async function removeDisk(machine: Machine): Promise<void> {
  const disk = join(machine.folder, 'disk');
  const old = `${disk}.old`;
  await unmountBelow(rootOf(machine));
  await removeTree(old);
  if (existsSync(disk)) await rename(disk, old);
  await removeTree(old);
}

export async function mountDisk(home: Home, machine: Machine): Promise<void> {
  const disk = join(machine.folder, 'disk');
  const lower = (await layersOf(machine)).map((layer) => join(home.root, layer));
  await unmountBelow(rootOf(machine));
  await mountOverlay({ lower, disk, at: rootOf(machine) });
}

/** The layers below the disk, the uppermost first, as paths relative to the home. */
export async function layersOf(machine: Pick<Machine, 'folder'>): Promise<readonly string[]> {
  const text = await textOf(join(machine.folder, 'disk/layers'));
  return (text ?? '').split('\n').filter(Boolean);
}

/** Bytes that the machine has written. */
export async function diskBytes(machine: Machine): Promise<number> {
  const { stdout } = await attempt(['du', '--summarize', '--block-size=1', join(machine.folder, 'disk/upper')]);
  return Number.parseInt(stdout, 10) || 0;
}

/** Removes the layers of hosts that nobody stands on and that are not among `keep` (paths). */
export async function removeUnusedLayers(
  home: Home,
  machines: readonly Machine[],
  keep: readonly string[],
): Promise<void> {
  const used = new Set([
    ...keep,
    ...(await Promise.all(machines.map(layersOf))).flat().map((layer) => join(home.root, layer)),
  ]);
  for (const folder of [home.settings, home.bases]) {
    for (const name of await namesIn(folder)) if (!used.has(join(folder, name))) await removeTree(join(folder, name));
  }
}
