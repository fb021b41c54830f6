/** The connection of the kind that a target names. */

import { env } from 'node:process';
import { Fault } from '../fault.ts';
import type { Connection, Target } from './connection.ts';
import { openLocal } from './local.ts';

/** Throws `value-invalid` for a kind that there is not, and what the kind's own opening throws. */
export async function openConnection(target: Target, environment: NodeJS.ProcessEnv = env): Promise<Connection> {
  switch (target.kind) {
    case 'local':
      return openLocal();
    case 'ssh':
    case 'smart':
      return openSshHost(target, environment);
    default:
      throw new Fault('value-invalid', `${target.name}: there is no connection kind "${target.kind}"`, {
        hint: 'set ansible_connection to ssh, openssh or local',
      });
  }
}

async function openSshHost(target: Target, environment: NodeJS.ProcessEnv): Promise<Connection> {
  const [{ openSsh }, { HostKeys }, { sshSettings }] = await Promise.all([
    import('./ssh.ts'),
    import('./host-key.ts'),
    import('./ssh-settings.ts'),
  ]);
  const settings = await sshSettings(target, environment);
  return openSsh(settings, await HostKeys.read(settings), environment);
}
