/** Which release a user means to go back to. */

import { Fault } from '../../fault.ts';
import type { FleetState, Release } from '../state/state.ts';

/** By the id of its rollout, or the id or name of its image; the newest. */
export function releaseMeant(word: string, { history }: FleetState): Release | undefined {
  return history.findLast(
    (one) => isProven(one) && (one.rollout === word || one.image.id === word || one.image.name === word),
  );
}

/** The one before: of a rollout that is under way, the one that was good before it. Throws `rollout-refused`. */
export function earlierRelease(fleet: string, { history, good, rollout }: FleetState): Release {
  const found = rollout ? good : history.findLast((one) => isProven(one) && one.image.id !== good?.image.id);
  if (found) return found;
  throw new Fault('rollout-refused', `${fleet} has no earlier release to go back to`, {
    hint: 'name an image: `rollout rollback IMAGE`; `rollout history` shows what there was',
  });
}

function isProven({ outcome }: Release): boolean {
  return outcome === 'good' || outcome === 'imported';
}

/** Without user-data, which may be secret: for people and programs to read. */
export function bare({ settings: { userData: _, ...settings }, ...release }: Release): Release {
  return { ...release, settings };
}
