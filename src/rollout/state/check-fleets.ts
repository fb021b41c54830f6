import { Fault } from '../../fault.ts';
import { near } from '../../value/near.ts';
import type { State } from './state.ts';

/** Throws `state-missing` for a fleet that the state does not have. */
export function checkFleets(names: readonly string[], { fleets }: State): void {
  const unknown = names.find((name) => !fleets[name]);
  if (unknown === undefined) return;
  const [likely] = near(unknown, Object.keys(fleets));
  throw new Fault('state-missing', `the state has no fleet ${unknown}`, {
    hint: likely === undefined ? `its fleets are ${Object.keys(fleets).join(', ')}` : `did you mean ${likely}?`,
  });
}
