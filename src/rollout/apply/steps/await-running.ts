/** Until EC2 says that the instance runs, and does not call it impaired. */

import { awaitHealth, currentId, living } from '../await.ts';
import { unhealthy } from '../verdict.ts';
import type { StepKind } from '../work.ts';

export const awaitRunning: StepKind = {
  title: 'Starting',
  async perform(work) {
    const { sightings, signal, progress, pace, plan } = work;
    const id = currentId(work);
    const look = async () => {
      const state = (await living(id, work))?.State?.Name ?? 'not known yet';
      if (state === 'stopped' || state === 'stopping')
        throw unhealthy(`the instance ${id} is ${state}: it did not stay up`);
      if (state !== 'running') return { pending: `${id} is ${state}` };
      const status = await sightings.status(id);
      const words = [status?.InstanceStatus?.Status, status?.SystemStatus?.Status];
      if (words.includes('impaired')) throw unhealthy(`EC2 calls the instance ${id} impaired: it does not boot`);
      return { ready: true };
    };
    const timeout = plan.fleet.health.grace;
    await awaitHealth(look, { what: `the instance ${id} to run`, timeout, ...pace, signal, progress });
    return undefined;
  },
};
