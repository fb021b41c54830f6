import { Fault } from '../../fault.ts';
import type { FleetState, State } from '../../rollout/state/state.ts';
import { near } from '../../value/near.ts';

/** The fleets of the state that the words name; all, where there are none. Throws `state-missing`. */
export function fleetsInState(words: readonly string[], { fleets }: State): readonly (readonly [string, FleetState])[] {
  if (words.length === 0) return Object.entries(fleets);
  return [...new Set(words)].map((word) => {
    const name = word.replace(/^fleet\./, '');
    const fleet = fleets[name];
    if (fleet) return [name, fleet];
    const [likely] = near(name, Object.keys(fleets));
    throw new Fault('state-missing', `the state has no fleet ${name}`, {
      hint: likely === undefined ? `it has ${Object.keys(fleets).join(', ') || 'none'}` : `did you mean ${likely}?`,
    });
  });
}
