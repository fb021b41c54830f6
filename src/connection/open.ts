/** The connection of the kind that a target names. */

import { Fault } from '../fault.ts';
import type { Connection, Target } from './connection.ts';
import { openLocal } from './local.ts';

export async function openConnection(target: Target): Promise<Connection> {
  switch (target.kind) {
    case 'local':
      return openLocal();
    default:
      throw new Fault('value-invalid', `${target.name}: there is no connection kind "${target.kind}"`, {
        hint: 'set ansible_connection to ssh, openssh or local',
      });
  }
}
