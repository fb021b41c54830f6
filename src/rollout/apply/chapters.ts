/** How a rollout begins, turns and ends in the state. */

import manifest from '../../../package.json' with { type: 'json' };
import type { Fault } from '../../fault.ts';
import type { RolloutOutcome } from '../events.ts';
import type { FleetPlan } from '../plan/plan.ts';
import type { FleetState, Release, RolloutState, State } from '../state/state.ts';
import type { FleetLedger } from './ledger.ts';

/** Releases that are remembered. */
const HISTORY = 50;

/** A rollout begins, of a fleet that may be new. */
export function begun(state: State, plan: FleetPlan, direction: RolloutState['direction'], region: string): State {
  const { name, engine } = plan.fleet;
  const fleet: FleetState = state.fleets[name] ?? { engine, region, slots: {}, history: [] };
  const rollout: RolloutState = { id: plan.rollout, began: new Date().toISOString(), plan, direction, ...START };
  return { ...state, playbake: manifest.version, fleets: { ...state.fleets, [name]: { ...fleet, rollout } } };
}

const START = { batch: 0, stage: 0, begun: [], done: [] };

/** It goes back. */
export function backwards(plan: FleetPlan, { message }: Fault): (fleet: FleetState) => FleetState {
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
  const { rollout, fleet } = ledger;
  const { plan, wanted, failure } = rollout;
  const isBack = wanted !== undefined;
  const outcome: RolloutOutcome = verdict
    ? 'failed'
    : isBack
      ? 'rolled-back'
      : plan.to === undefined
        ? 'destroyed'
        : 'good';
  const settings = plan.changes.find(({ after }) => after)?.after ?? plan.changes.find(({ before }) => before)?.before;
  const image = wanted ?? plan.to ?? plan.from ?? fleet.good?.image;
  const release: Release | undefined = settings &&
    image && {
      rollout: rollout.id,
      began: rollout.began,
      ended: new Date().toISOString(),
      outcome,
      image,
      settings: { ...settings, imageId: image.id, imageName: image.name },
      ...reasonOf(verdict?.message ?? (isBack ? failure?.message : undefined)),
    };
  await ledger.change(({ rollout: _, good, ...rest }) => ({
    ...rest,
    history: release ? [...rest.history, release].slice(-HISTORY) : rest.history,
    ...(outcome === 'good' && release ? { good: release } : outcome === 'destroyed' || !good ? {} : { good }),
  }));
  return { outcome, hints: hintsOf(outcome, ledger) };
}

function reasonOf(reason: string | undefined): { readonly reason?: string } {
  return reason === undefined ? {} : { reason };
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
