/** Which instances of a slot a step means. */

import type { Who } from '../plan/plan.ts';
import type { InstanceState, SlotState } from '../state/state.ts';

export function membersOf(who: Who, { current, deposed }: SlotState): readonly InstanceState[] {
  if (who === 'old') return deposed;
  return current ? [current] : [];
}

/** By what an instance of the state is the same in a later state. */
export function keyOf({ token, id = '' }: InstanceState): string {
  return token === '' ? id : token;
}

/** The slot without some instances, by their keys. */
export function without(keys: ReadonlySet<string>): (slot: SlotState) => SlotState {
  const isLeft = (one: InstanceState) => !keys.has(keyOf(one));
  return ({ current, ...rest }) => ({
    ...rest,
    deposed: rest.deposed.filter(isLeft),
    ...(current && isLeft(current) && { current }),
  });
}
