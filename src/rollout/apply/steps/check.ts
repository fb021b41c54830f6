/** The fleet's own health checks, as many times in a row as they must hold, then the playbook's verify tasks. */

import type { Instance } from '@aws-sdk/client-ec2';
import { awaitInARow, currentId, living } from '../await.ts';
import { unhealthy } from '../verdict.ts';
import type { StepKind } from '../work.ts';

export const check: StepKind = {
  title: 'Checking',
  async perform(work) {
    const { checks, signal, plan, direction } = work;
    const { grace, verify } = plan.fleet.health;
    const id = currentId(work);
    const now = performance.now();
    let instance: Instance | undefined;
    const look = async (): Promise<string | undefined> => {
      instance = await living(id, work);
      return instance ? checks.look(id, instance, signal) : `${id} is not known yet`;
    };
    await awaitInARow({ what: `${id} to be healthy`, look, timeout: grace }, work);
    // What the playbook verifies is the release that it is of: the one before it has proved itself by its own.
    if (verify === undefined || direction === 'back' || !instance || plan.fleet.ssh === undefined) return undefined;
    const found = instance;
    await awaitInARow(
      {
        what: `SSH to let us in at ${id}`,
        look: () => checks.reach(id, found, signal),
        timeout: Math.max(5000, grace - (performance.now() - now)),
      },
      work,
    );
    work.progress('the playbook verifies it');
    const failed = await checks.verify(id, found, signal, work.play);
    if (failed === undefined) return undefined;
    throw unhealthy(`${id} does not pass the verify tasks: ${failed}`, {
      hint: 'they know the variables that playbake.yml gives the image, and those of -e: give `rollout apply` what the bake was given',
    });
  },
};
