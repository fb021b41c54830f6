import { isEnding } from '../../../cloud/instance-state.ts';
import { keyOf, without } from '../members.ts';
import type { StepKind } from '../work.ts';

/** Instances of the slot that are gone leave the state. */
export const forget: StepKind = {
  title: 'Forgetting what is gone',
  async perform({ slot, sightings }) {
    const { current, deposed } = slot();
    const gone = new Set<string>();
    for (const one of [...deposed, ...(current ? [current] : [])]) {
      const found = one.id === undefined ? undefined : await sightings.instance(one.id);
      if (!found || isEnding(found)) gone.add(keyOf(one));
    }
    return without(gone);
  },
};
