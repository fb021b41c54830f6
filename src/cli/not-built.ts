import { Fault } from '../fault.ts';
import type { Verb } from './session.ts';

/** A verb that is planned: says so. */
export function notBuilt(program: 'rollout'): Verb {
  return async () => {
    throw new Fault('not-built', `${program} does not exist yet`, {
      hint: '`play PLAYBOOK -i INVENTORY` runs playbooks on hosts; `playbake sandbox up 2` makes hosts to try it on',
    });
  };
}
