import { randomUUID } from 'node:crypto';
import manifest from '../../../package.json' with { type: 'json' };
import { Fault } from '../../fault.ts';
import { STATE_VERSION, type State } from './state.ts';

/** The state that follows: with these fleets, and the next serial. Of none, the first one of a new lineage. */
export function nextState(before: State | undefined, fleets: State['fleets']): State {
  return {
    version: STATE_VERSION,
    lineage: before?.lineage ?? randomUUID(),
    serial: (before?.serial ?? 0) + 1,
    playbake: manifest.version,
    fleets,
  };
}

type Identity = Pick<State, 'lineage' | 'serial'>;

/** Throws `state-conflict` where `state` does not follow what is kept now. */
export function checkSuccessor(kept: Identity | undefined, state: Identity, where: string): void {
  if (kept && kept.lineage !== state.lineage) {
    const message = `${where} is another state by now: its lineage is ${kept.lineage}, that of what was to be written ${state.lineage}`;
    throw new Fault('state-conflict', message, { hint: 'see which of both is right; nothing was overwritten' });
  }
  const serial = kept?.serial ?? 0;
  if (state.serial === serial + 1) return;
  const found = kept ? `has the serial ${serial}` : 'is not there any more';
  throw new Fault('state-conflict', `somebody else has changed ${where}: it ${found}, and was to get ${state.serial}`, {
    hint: 'nothing was overwritten; do it again, of the state as it is now',
  });
}
