/** The connection of the kind that a target names. */

import { Fault } from '../fault.ts';
import type { Connection, Target } from './connection.ts';
import { openLocal } from './local.ts';

/** Throws `value-invalid` for a kind that there is not, and what the kind's own opening throws. */
export async function openConnection(target: Target, environment: NodeJS.ProcessEnv): Promise<Connection> {
  switch (target.kind) {
    case 'local':
      return openLocal();
    case 'ssh':
    case 'smart':
    case 'openssh':
      return (await import('./open-ssh-host.ts')).openSshHost(target, environment);
    default:
      throw new Fault('value-invalid', `${target.name}: there is no connection kind "${target.kind}"`, {
        hint: 'set ansible_connection to ssh, openssh or local',
      });
  }
}
