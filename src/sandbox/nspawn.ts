/** The systemd-nspawn command that all of the sandbox runs things with. */

import { rm, rmdir, stat } from 'node:fs/promises';
import type { Command } from './run.ts';

export interface Container {
  readonly root: string;
  readonly name: string;
  /** A network namespace below /run/netns. */
  readonly namespace: string;
}

/**
 * `rest` are options and what to run. Nothing is registered with, or placed by, the systemd of this machine (which may
 * have none): the control group is ours, and so is the network namespace.
 */
export function nspawn({ root, name, namespace }: Container, rest: readonly string[]): Command {
  return [
    'systemd-nspawn',
    '--quiet',
    '--settings=no',
    '--register=no',
    '--keep-unit',
    '--link-journal=no',
    '--resolv-conf=off',
    '--timezone=off',
    `--directory=${root}`,
    `--machine=${namespace}`,
    `--hostname=${name}`,
    `--network-namespace-path=/run/netns/${namespace}`,
    '--capability=CAP_NET_ADMIN',
    ...rest,
  ];
}

/** Removes what systemd-nspawn keeps below /run for a container and cannot clean up when it is killed. */
export async function forgetContainer({ root, namespace }: Pick<Container, 'root' | 'namespace'>): Promise<void> {
  const { dev, ino } = await stat(root).catch(() => ({ dev: 0, ino: 0 }));
  await rm(`/run/systemd/nspawn/locks/inode-${dev}:${ino}`, { force: true });
  await rmdir(`/run/systemd/nspawn/propagate/${namespace}`).catch(() => {});
}
