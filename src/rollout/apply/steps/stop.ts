import { isEnding } from '../../../cloud/instance-state.ts';
import { waitFor } from '../../../cloud/wait-for.ts';
import type { StepKind } from '../work.ts';

/** Longer than any operating system takes that stops at all. Milliseconds. */
const TIMEOUT = 600_000;

/** Instances are shut down, and stay. */
export const stop: StepKind = {
  title: 'Stopping',
  async perform(work, step) {
    const { cloud, sightings, signal, progress, pace } = work;
    const ids = ('who' in step ? work.members(step.who) : []).flatMap(({ id }) => id ?? []);
    for (const id of ids) {
      const told = new Set<string>();
      const look = async () => {
        const found = await sightings.instance(id);
        const state = found?.State?.Name;
        if (!found || state === 'stopped' || isEnding(found)) return { ready: true };
        if (state === 'running' && !told.has(id)) {
          await cloud.ec2().stopInstances({ InstanceIds: [id] });
          told.add(id);
        }
        return { pending: `${id} is ${state}` };
      };
      await waitFor(look, { what: `${id} to stop`, timeout: TIMEOUT, ...pace, signal, progress });
    }
    return undefined;
  },
};
