/** Until the load balancers have let the instances go: requests under way are answered. */

import { isNotFound } from '../../../cloud/cloud-error.ts';
import { waitFor } from '../../../cloud/wait-for.ts';
import { Fault } from '../../../fault.ts';
import type { InstanceState } from '../../state/state.ts';
import type { StepKind, Work } from '../work.ts';

/** After its delay a group cuts what is left; it may be so late in saying so. Milliseconds. */
const LATE = 60_000;

export const awaitDrained: StepKind = {
  title: 'Draining',
  async perform(work, step) {
    const members = 'who' in step ? work.members(step.who) : [];
    const drain = Math.max(0, ...work.plan.targetGroups.map((group) => group.drain));
    const look = async () => {
      const states = await Promise.all(members.map((member) => targetStates(member, work)));
      const [busy] = states.flat();
      return busy === undefined ? { ready: true } : { pending: busy };
    };
    const { signal, progress, pace } = work;
    try {
      await waitFor(look, { what: 'requests to end', timeout: drain + LATE, ...pace, signal, progress });
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'cloud-timeout') throw error;
      work.warn(`${work.change.address}: its targets still drain, a minute after the delay of the group; going on`);
    }
    return undefined;
  },
};

/** Those of the groups that still know the instance. */
async function targetStates({ id, settings }: InstanceState, { sightings }: Work): Promise<readonly string[]> {
  if (id === undefined) return [];
  const states = await Promise.all(
    settings.targetGroupArns.map(async (arn) => {
      try {
        const { State: state } = (await sightings.target(arn, id)) ?? {};
        return state === undefined || state === 'unused' ? [] : [`${id} is ${state}`];
      } catch (error) {
        if (isNotFound(error)) return [];
        throw error;
      }
    }),
  );
  return states.flat();
}
