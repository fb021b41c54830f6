import { currentId } from '../await.ts';
import type { StepKind } from '../work.ts';

/** The current instance becomes a target of all its groups. */
export const register: StepKind = {
  title: 'Registering',
  async perform(work) {
    const id = currentId(work);
    const { targetGroupArns = [] } = work.slot().current?.settings ?? {};
    await Promise.all(targetGroupArns.map((arn) => work.calls.register(arn, id)));
    return undefined;
  },
};
