import { Fault } from '../../fault.ts';
import { type Address, addressOf } from './address.ts';
import { findSlots } from './find-slots.ts';
import { openRollout } from './forget.ts';
import type { FleetState, State } from './state.ts';

/** The fleets with a slot or a whole fleet at another address. Throws `state-missing`, `rollout-open`, `option-invalid`. */
export function move(state: State, from: Address, to: Address): State['fleets'] {
  findSlots(state, from);
  const source = state.fleets[from.fleet];
  if (!source || addressOf(from) === addressOf(to)) return state.fleets;
  for (const { fleet, slot } of [from, to]) {
    if (state.fleets[fleet]?.rollout) throw openRollout(fleet, addressOf({ fleet, slot }));
  }
  if (from.slot === undefined && to.slot === undefined) return renamed(state, from.fleet, to.fleet, source);
  if (from.slot === undefined || to.slot === undefined) {
    throw new Fault('option-invalid', 'a fleet moves to a fleet, and a slot to a slot', {
      hint: `write  rollout state mv ${addressOf(from)} ${addressOf({ ...to, slot: from.slot })}`,
    });
  }
  const { [from.slot]: moved, ...others } = source.slots;
  const target = to.fleet === from.fleet ? source : (state.fleets[to.fleet] ?? emptied(source));
  if (target.slots[to.slot]) throw taken(to);
  if (target.engine !== source.engine || target.region !== source.region) {
    const message = `${from.fleet} is of ${source.engine} in ${source.region}, ${to.fleet} of ${target.engine} in ${target.region}`;
    throw new Fault('option-invalid', message);
  }
  const without = { ...source, slots: others };
  const slots = { ...(to.fleet === from.fleet ? others : target.slots), ...(moved && { [to.slot]: moved }) };
  return { ...state.fleets, [from.fleet]: without, [to.fleet]: { ...target, slots } };
}

function renamed({ fleets }: State, from: string, to: string, fleet: FleetState): State['fleets'] {
  if (fleets[to]) throw taken({ fleet: to, slot: undefined });
  const { [from]: _, ...others } = fleets;
  return { ...others, [to]: fleet };
}

const emptied = ({ engine, region }: FleetState): FleetState => ({ engine, region, slots: {}, history: [] });

function taken(address: Address): Fault {
  return new Fault('option-invalid', `${addressOf(address)} is taken`, {
    hint: 'name a free one, or move what is there first',
  });
}
