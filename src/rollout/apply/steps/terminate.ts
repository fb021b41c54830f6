import { waitFor } from '../../../cloud/wait-for.ts';
import type { InstanceState } from '../../state/state.ts';
import { keyOf, without } from '../members.ts';
import type { StepKind, Work } from '../work.ts';

const TIMEOUT = 600_000;

/** Instances end, and leave the state. */
export const terminate: StepKind = {
  title: 'Destroying',
  async perform(work, step) {
    const members = 'who' in step ? work.members(step.who) : [];
    await Promise.all(members.map((member) => end(member, work)));
    return without(new Set(members.map(keyOf)));
  },
};

async function end(
  { id: known, token }: InstanceState,
  { sightings, calls, signal, progress, pace }: Work,
): Promise<void> {
  // The answer of its launch may have been lost.
  const id = known ?? (token === '' ? undefined : (await sightings.launched(token))?.InstanceId);
  if (id === undefined) return;
  let told = false;
  const look = async () => {
    const state = (await sightings.instance(id))?.State?.Name;
    if (state === 'terminated' || (state === undefined && told)) return { ready: true };
    if (!told) await calls.terminate(id);
    told = true;
    return { pending: `${id} is ${state}` };
  };
  await waitFor(look, { what: `${id} to end`, timeout: TIMEOUT, ...pace, signal, progress });
}
