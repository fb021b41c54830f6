import { Fault } from '../../fault.ts';
import { type Address, addressOf } from './address.ts';
import { type FoundSlot, findSlots } from './find-slots.ts';
import type { State } from './state.ts';

export interface Forgotten {
  readonly fleets: State['fleets'];
  readonly slots: readonly FoundSlot[];
}

/** The fleets without what the addresses name. Throws `state-missing`, and `rollout-open` for a slot of a fleet that is being rolled out. */
export function forget(state: State, addresses: readonly Address[]): Forgotten {
  const slots = addresses.flatMap((address) => findSlots(state, address));
  const fleets = { ...state.fleets };
  for (const { fleet: name, slot } of addresses) {
    const fleet = fleets[name];
    if (slot === undefined) delete fleets[name];
    else if (fleet) {
      if (fleet.rollout) throw openRollout(name, addressOf({ fleet: name, slot }));
      const { [slot]: _, ...others } = fleet.slots;
      fleets[name] = { ...fleet, slots: others };
    }
  }
  return { fleets, slots };
}

/** Slots are where the journal of a rollout says that they are. */
export function openRollout(fleet: string, address: string): Fault {
  return new Fault(
    'rollout-open',
    `a rollout of ${fleet} is under way: ${address} must stay as it is until it has ended`,
    {
      hint: '`rollout apply` goes on with it, `rollout rollback` goes back',
    },
  );
}
