/** What hosts and instances stand on: one process at a time, a network with a number, and the layers of plain Debian. */

import { existsSync } from 'node:fs';
import { chown, readFile } from 'node:fs/promises';
import { env } from 'node:process';
import { Fault } from '../fault.ts';
import { ensureBase, RELEASE } from './base-image.ts';
import { createGroup, removeGroup } from './cgroup.ts';
import type { Pristine } from './disk.ts';
import { textOf, writeWhole } from './files.ts';
import { DEFAULT_HOME, type Home } from './home.ts';
import { withLock } from './lock.ts';
import { createKey } from './machine.ts';
import { raiseNetwork } from './network.ts';
import { lookOutside } from './outside.ts';
import { BUILD, recover } from './recover.ts';
import { claimSubnet } from './register.ts';
import { requirements, unavailable } from './requirements.ts';
import { ensureSettingsLayer } from './settings-layer.ts';
import { groupOf, type Subnet } from './subnet.ts';

export interface FoundationOptions {
  /** Called with what is being done, when it takes a while. */
  readonly onProgress: (message: string) => void;
  /** Ends what is under way, with the Fault `interrupted`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does `work` as the only process at this home, on a state that is sound. Throws the Fault `sandbox-unavailable` where
 * the sandbox cannot run.
 */
export async function exclusively<T>(
  home: Home,
  { onProgress, signal }: FoundationOptions,
  work: (subnet: Subnet) => Promise<T>,
): Promise<T> {
  const missing = await requirements();
  if (missing.length > 0) throw unavailable(missing);
  const { root, lock, index } = home;
  // Overlay mounts take a list of paths with marks of their own.
  if (/[:,\\\s]/.test(root)) throw new Fault('option-invalid', `the sandbox cannot live in ${JSON.stringify(root)}`);
  const onWait = (holder: string) => onProgress(`waiting for the process ${holder}, which has the sandbox`);
  return withLock(
    lock,
    async () => {
      const preferred = (await textOf(index)) ?? (root === DEFAULT_HOME ? '0' : undefined);
      const subnet = await claimSubnet(root, preferred === undefined ? undefined : Number(preferred));
      await writeWhole(index, `${subnet.index}\n`);
      await recover(home, subnet);
      return work(subnet);
    },
    { signal, onWait },
  );
}

/** The network and the layers that machines stand on; both may be there already. */
export async function raise(home: Home, subnet: Subnet, { onProgress, signal }: FoundationOptions): Promise<Pristine> {
  const { bases, settings, key } = home;
  const group = await createGroup(groupOf(subnet, BUILD));
  try {
    const { files, egress } = await lookOutside(subnet.gateway, RELEASE);
    await raiseNetwork(subnet, egress);
    const base = await ensureBase(bases, { group, onProgress, signal });
    if (!existsSync(`${key}.pub`)) await createKey(key, 'playbake-sandbox');
    await giveToCaller(key);
    const publicKey = await readFile(`${key}.pub`, 'utf8');
    const options = { subnet, base, files, publicKey, group, onProgress, signal };
    return { base, settings: await ensureSettingsLayer(settings, options), hosts: egress.hosts };
  } finally {
    await removeGroup(groupOf(subnet, BUILD));
  }
}

/** Who ran us through sudo plays as themselves, and ssh insists that a private key is theirs. */
async function giveToCaller(key: string): Promise<void> {
  const [user, group] = [Number(env['SUDO_UID']), Number(env['SUDO_GID'])];
  if (user > 0 && group > 0) await chown(key, user, group);
}
