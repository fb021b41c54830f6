/** The systemd-nspawn command that all of the sandbox runs things with. */

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
