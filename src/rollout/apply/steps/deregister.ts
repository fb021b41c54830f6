import type { InstanceState } from '../../state/state.ts';
import { keyOf } from '../members.ts';
import type { StepKind } from '../work.ts';

/** Instances get no new requests any more. */
export const deregister: StepKind = {
  title: 'Deregistering',
  // From here on it must not be counted on.
  begin: (slot, { members }, step) => {
    const leaving = new Set('who' in step ? members(step.who).map(keyOf) : []);
    const left = (one: InstanceState) => (leaving.has(keyOf(one)) ? { ...one, inService: false } : one);
    return { ...slot, deposed: slot.deposed.map(left), ...(slot.current && { current: left(slot.current) }) };
  },
  async perform(work, step) {
    const members = 'who' in step ? work.members(step.who) : [];
    await Promise.all(
      members.flatMap(({ id, settings }) =>
        id === undefined ? [] : settings.targetGroupArns.map((arn) => work.calls.deregister(arn, id)),
      ),
    );
    return undefined;
  },
};
