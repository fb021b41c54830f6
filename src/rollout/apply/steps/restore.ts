/** A deposed instance takes its place again. */

import { awaitHealth, currentId, living } from '../await.ts';
import type { StepKind } from '../work.ts';

export const restore: StepKind = {
  title: 'Restoring',
  begin: (slot, _, step) => {
    const back = step.do === 'restore' ? slot.deposed.find(({ id }) => id === step.id) : undefined;
    if (!back) return slot;
    const deposed = slot.deposed.filter((one) => one !== back);
    return { ...slot, current: back, deposed: slot.current ? [...deposed, slot.current] : deposed };
  },
  async perform(work) {
    const { cloud, signal, progress, pace, plan } = work;
    const id = currentId(work);
    const look = async () => {
      const state = (await living(id, work))?.State?.Name;
      if (state === 'running' || state === 'pending') return { ready: true };
      if (state === 'stopped') await cloud.ec2().startInstances({ InstanceIds: [id] });
      return { pending: `${id} is ${state ?? 'not known yet'}` };
    };
    await awaitHealth(look, { what: `${id} to start`, timeout: plan.fleet.health.grace, ...pace, signal, progress });
    return undefined;
  },
};
