/** Until all target groups call the instance healthy, as many times in a row as the fleet wants. */

import { awaitInARow, currentId, living } from '../await.ts';
import { targetTrouble } from '../target-trouble.ts';
import type { StepKind } from '../work.ts';

export const awaitInService: StepKind = {
  title: 'Going into service',
  async perform(work) {
    const { plan } = work;
    const id = currentId(work);
    const arns = work.slot().current?.settings.targetGroupArns ?? [];
    const look = async (): Promise<string | undefined> => {
      await living(id, work);
      return targetTrouble(id, arns, work);
    };
    const what = `${id} to be in service`;
    if (arns.length > 0) await awaitInARow({ what, look, timeout: plan.fleet.health.grace }, work);
    return (slot) => (slot.current ? { ...slot, current: { ...slot.current, inService: true } } : slot);
  },
};
