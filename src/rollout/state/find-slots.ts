import { Fault } from '../../fault.ts';
import { near } from '../../value/near.ts';
import { type Address, addressOf } from './address.ts';
import type { FleetState, SlotState, State } from './state.ts';

export interface FoundSlot {
  readonly fleet: string;
  readonly slot: number;
  readonly state: SlotState;
}

/** All slots of fleets, by name and number. */
export function slotsOf({ fleets }: State): readonly FoundSlot[] {
  return Object.keys(fleets)
    .sort()
    .flatMap((fleet) => slotsOfFleet(fleet, fleets[fleet]));
}

/** The slots of a fleet, or the one; throws `state-missing` where there is none. */
export function findSlots(state: State, address: Address): readonly FoundSlot[] {
  const fleet = state.fleets[address.fleet];
  const all = slotsOfFleet(address.fleet, fleet);
  const found = address.slot === undefined ? all : all.filter(({ slot }) => slot === address.slot);
  if (fleet && (found.length > 0 || address.slot === undefined)) return found;
  const known = [...slotsOf(state).map(addressOf), ...Object.keys(state.fleets).map((name) => `fleet.${name}`)];
  const [likely] = near(addressOf(address), known);
  throw new Fault('state-missing', `the state has no ${addressOf(address)}`, {
    hint: likely === undefined ? '`rollout state list` shows what it has' : `did you mean ${likely}?`,
  });
}

function slotsOfFleet(name: string, fleet: FleetState | undefined): readonly FoundSlot[] {
  return Object.entries(fleet?.slots ?? {})
    .map(([slot, state]) => ({ fleet: name, slot: Number(slot), state }))
    .sort((one, other) => one.slot - other.slot);
}

/** Ids of all instances of a slot, the current one first. */
export function instancesOf({ current, deposed }: SlotState): readonly string[] {
  return [...(current ? [current] : []), ...deposed.toReversed()].flatMap(({ id }) => id ?? []);
}
