/** What a step makes of a slot, where it succeeds. What must never happen is a fault of planning itself, and thrown. */

import type { Phase } from './program.ts';
import type { Fit, Member, Slot } from './slot.ts';

/** @param made what the way back makes of an instance that this plan launches or updates */
export function effect(slot: Slot, phase: Phase, restored: number | undefined, made: Fit): Slot {
  const { current, deposed } = slot;
  switch (phase) {
    case 'forget':
      return { ...slot, gone: false };
    case 'depose':
      return { ...slot, current: undefined, deposed: withCurrent(slot) };
    case 'launch': {
      const launched: Member = { runs: true, serves: false, ill: false, fit: 'fits', home: made, holds: false };
      return { ...slot, current: launched, deposed: withCurrent(slot) };
    }
    case 'restore': {
      const one = deposed[restored ?? -1] ?? broken('nothing to restore');
      const others = deposed.filter((_, index) => index !== restored);
      return {
        ...slot,
        current: { ...one, runs: true },
        deposed: current === undefined ? others : [...others, current],
      };
    }
    case 'update':
      return withCurrentAs(slot, (one) => ({ ...one, fit: 'fits', home: one.home === 'other' ? 'other' : made }));
    case 'deregister':
    case 'deregister early':
    case 'deregister first':
      return { ...slot, deposed: deposed.map((one) => ({ ...one, serves: false, ill: false })) };
    case 'stop':
    case 'stop early':
      if (deposed.some(({ serves }) => serves)) broken('one that serves is stopped');
      return { ...slot, deposed: deposed.map((one) => ({ ...one, runs: false })) };
    case 'detach-volumes':
    case 'detach-volumes early':
      if (deposed.some(({ runs, holds }) => runs && holds)) broken('volumes are taken from one that runs');
      return { ...slot, deposed: deposed.map((one) => ({ ...one, holds: false })) };
    case 'attach-volumes':
      if (deposed.some(({ holds }) => holds)) broken('volumes are attached twice');
      return withCurrentAs(slot, (one) => ({ ...one, holds: true }));
    case 'await-in-service':
      return withCurrentAs(slot, (one) => {
        if (slot.moves && !one.holds) broken('one serves without its volumes');
        return { ...one, serves: true, ill: false };
      });
    case 'terminate':
    case 'terminate early':
      if (deposed.some(({ serves }) => serves)) broken('one that serves is terminated');
      if (deposed.some(({ holds }) => holds)) broken('one that holds volumes is terminated');
      return { ...slot, deposed: [] };
    default:
      return slot;
  }
}

function withCurrent({ current, deposed }: Slot): readonly Member[] {
  return current === undefined ? deposed : [...deposed, current];
}

function withCurrentAs(slot: Slot, change: (one: Member) => Member): Slot {
  return { ...slot, current: change(slot.current ?? broken('there is no current instance')) };
}

function broken(what: string): never {
  throw new Error(`a plan is wrong: ${what}`);
}
