/** How a rollout begins, turns and ends in the state. */

import manifest from '../../../package.json' with { type: 'json' };
import type { Fault } from '../../fault.ts';
import type { RolloutOutcome } from '../events.ts';
import type { FleetPlan } from '../plan/plan.ts';
import type { FleetState, Release, RolloutState, State } from '../state/state.ts';
import type { FleetLedger } from './ledger.ts';

/** Releases that are remembered. */
const HISTORY = 50;

/**
 * A rollout begins, of a fleet that may be new. One that is under way ends with that: the user wants another, or to go back, which
 * is the same rollout.
 */
export function begun(state: State, plan: FleetPlan, direction: RolloutState['direction'], region: string): State {
  const { name, engine } = plan.fleet;
  const { rollout: before, ...fleet }: FleetState = state.fleets[name] ?? { engine, region, slots: {}, history: [] };
  const began = new Date().toISOString();
  const next: FleetState =
    before && direction === 'back'
      ? backwards(plan, before.failure?.message ?? 'the user went back')({ ...fleet, rollout: before })
      : {
          ...fleet,
          history: before ? remembered(fleet, before, 'failed', 'another rollout took its place') : fleet.history,
          rollout: { id: plan.rollout, began, plan, direction, ...START },
        };
  return { ...state, playbake: manifest.version, fleets: { ...state.fleets, [name]: next } };
}

const START = { batch: 0, stage: 0, begun: [], done: [] };

/** It goes back. */
export function backwards(plan: FleetPlan, message: string): (fleet: FleetState) => FleetState {
  return ({ rollout, ...fleet }) => {
    if (!rollout) return fleet;
    const { id, began, plan: forward } = rollout;
    const failure = { step: stepOf(rollout), message };
    const wanted = forward.to;
    const back: RolloutState = { id, began, plan, direction: 'back', failure, ...START, ...(wanted && { wanted }) };
    return { ...fleet, rollout: back };
  };
}

/** Why it stopped, where it can go on; undefined: it goes on. What made it go back is remembered until its end. */
export function stoppedBy(fault: Fault | undefined): (fleet: FleetState) => FleetState {
  return (fleet) => {
    if (!fleet.rollout || fleet.rollout.wanted) return fleet;
    const { failure: _, ...rollout } = fleet.rollout;
    const failure = fault && { step: stepOf(rollout), message: fault.message };
    return { ...fleet, rollout: { ...rollout, ...(failure && { failure }) } };
  };
}

function stepOf({ plan, batch, stage, begun: keys, done }: RolloutState): string {
  const open = keys.filter((key) => !done.includes(key));
  return open.join(', ') || plan.batches[batch]?.stages[stage]?.steps[0]?.do || '';
}

/** The rollout leaves the state for the history. @param verdict undefined: its plan has been done. */
export async function ended(
  ledger: FleetLedger,
  verdict?: Fault,
): Promise<{ readonly outcome: RolloutOutcome; readonly hints: readonly string[] }> {
  const { plan, wanted, failure } = ledger.rollout;
  const undone = wanted ? ('rolled-back' as const) : plan.to ? ('good' as const) : ('destroyed' as const);
  const outcome = verdict ? 'failed' : undone;
  await ledger.change(({ rollout, good: before, ...rest }) => {
    if (!rollout) return { ...rest, ...goodOf(before) };
    const reason = verdict?.message ?? (wanted ? failure?.message : undefined);
    const history = remembered({ ...rest, ...goodOf(before) }, rollout, outcome, reason);
    if (outcome === 'rolled-back' && rollout.plan.to?.id !== before?.image.id) {
      // Not to the last good one, as the user wanted it: from now on that is this one.
      const { wanted: _, ...there } = rollout;
      const both = remembered({ history }, there, 'good', undefined);
      return { ...rest, history: both, ...goodOf(both.at(-1)) };
    }
    const good = outcome === 'good' ? history.at(-1) : outcome === 'destroyed' ? undefined : before;
    return { ...rest, history, ...goodOf(good) };
  });
  return { outcome, hints: hintsOf(outcome, ledger) };
}

function goodOf(good: Release | undefined): Pick<FleetState, 'good'> {
  return good ? { good } : {};
}

/** The history with one more: of what was wanted, even where it was not reached. */
function remembered(
  { history, good }: Pick<FleetState, 'history' | 'good'>,
  { id, began, plan, wanted }: RolloutState,
  outcome: Release['outcome'],
  reason: string | undefined,
): readonly Release[] {
  const like = plan.changes.find(({ after }) => after)?.after ?? plan.changes.find(({ before }) => before)?.before;
  const image = wanted ?? plan.to ?? plan.from ?? good?.image;
  if (!like || !image) return history;
  const settings = { ...like, imageId: image.id, imageName: image.name };
  const ended = new Date().toISOString();
  const release: Release = {
    rollout: id,
    began,
    ended,
    outcome,
    image,
    settings,
    ...(reason !== undefined && { reason }),
  };
  return [...history, release].slice(-HISTORY);
}

function hintsOf(outcome: RolloutOutcome, { fleet }: FleetLedger): readonly string[] {
  if (outcome === 'failed')
    return ['all is left as it is: `rollout status` shows it, `rollout plan` what would mend it'];
  if (outcome === 'rolled-back') return ['the image is not tried again unless you ask for it: bake a better one'];
  if (outcome !== 'destroyed') return [];
  const volumes = Object.values(fleet.slots).flatMap(({ volumes: ids }) => Object.values(ids));
  return volumes.length === 0
    ? []
    : [`data volumes are kept, and are used again by the next rollout of the fleet: ${volumes.join(', ')}`];
}
