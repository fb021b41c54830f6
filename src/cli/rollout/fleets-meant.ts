/** The fleets that a command line names. */

import type { Config } from '../../config/config.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import { Fault } from '../../fault.ts';
import { fleetOfState } from '../../rollout/plan/fleet-of-state.ts';
import type { State } from '../../rollout/state/state.ts';
import { near } from '../../value/near.ts';

/**
 * No words: all of playbake.yml. Throws `option-invalid` for one that is not there.
 * @param fromState also those that are in the state only, as for `destroy`
 */
export function fleetsMeant(
  { fleets, file }: Config,
  state: State | undefined,
  words: readonly string[],
  fromState: boolean,
): readonly FleetConfig[] {
  const kept = fromState ? Object.entries(state?.fleets ?? {}) : [];
  const others = kept.filter(([name]) => !fleets.has(name)).map(([name, one]) => fleetOfState(name, one));
  const all = fromState ? fleets : ours(fleets, words);
  const known = new Map([...all, ...others.map((fleet) => [fleet.name, fleet] as const)]);
  if (words.length === 0 && known.size > 0) return [...known.values()];
  if (known.size === 0) {
    throw new Fault(
      'option-invalid',
      `${file === undefined ? 'there is no playbake.yml, and so' : 'playbake.yml has'} no fleet`,
      {
        hint: 'write  fleets: { web: { image: app, count: 3 } }  into playbake.yml',
      },
    );
  }
  return [...new Set(words)].map((word) => {
    const found = known.get(word);
    if (found) return found;
    const [likely] = near(word, known.keys());
    throw new Fault('option-invalid', `there is no fleet ${word}`, {
      hint: likely === undefined ? `there are ${[...known.keys()].join(', ')}` : `did you mean ${likely}?`,
    });
  });
}

/** Those that no Terraform looks after: it would replace what we replace. */
function ours(fleets: Config['fleets'], words: readonly string[]): Config['fleets'] {
  const theirs = [...fleets.values()].filter(({ terraform }) => terraform).map(({ name }) => name);
  const named = theirs.find((name) => words.includes(name) || theirs.length === fleets.size);
  if (named === undefined) return new Map([...fleets].filter(([name]) => !theirs.includes(name)));
  throw new Fault('option-invalid', `Terraform looks after the fleet ${named}`, {
    hint: 'say  --engine terraform, or take  terraform:  out of the fleet in playbake.yml',
  });
}
