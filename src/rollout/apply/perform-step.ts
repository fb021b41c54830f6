/** Does one step: it stands in the state as begun before its first call, and as done when it has happened. */

import { asFault } from '../../cloud/cloud-error.ts';
import type { StepAbout } from '../events.ts';
import { type Step, stepKey, type Who } from '../plan/plan.ts';
import type { FleetState, RolloutState } from '../state/state.ts';
import { withSlot } from './ledger.ts';
import { membersOf } from './members.ts';
import type { Performing } from './performing.ts';
import { STEP_KINDS } from './steps/index.ts';
import { performTimed, type TimedStep } from './timed.ts';
import type { SlotStep, Work } from './work.ts';

/** How often a step says that it still goes on, milliseconds. */
const STILL = 10_000;

export async function performStep(step: Step, performing: Performing): Promise<void> {
  const { ledger, emit, signal } = performing;
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const key = stepKey(step);
  const again = ledger.rollout.begun.includes(key);
  const doing = 'slot' in step ? slotStep(step, again, seconds, performing) : timedStep(step, seconds, performing);
  if (!again) {
    await ledger.change((fleet) =>
      noting(doing.begin(fleet), (rollout) => ({ ...rollout, begun: [...rollout.begun, key] })),
    );
  }
  emit({ type: 'step-start', about: doing.about() });
  const still = setInterval(() => emit({ type: 'step-still', about: doing.about(), seconds: seconds() }), STILL);
  try {
    const change = await doing.perform();
    const before = doing.about();
    await ledger.change((fleet) => noting(change(fleet), (rollout) => ({ ...rollout, done: [...rollout.done, key] })));
    const after = doing.about();
    // Ids are known when a launch is done, and until an end is.
    emit({ type: 'step-end', about: after.ids.length > 0 ? after : before, status: 'done', seconds: seconds() });
  } catch (error) {
    const status = signal.aborted ? 'stopped' : 'failed';
    emit({ type: 'step-end', about: doing.about(), status, seconds: seconds() });
    throw asFault(error);
  } finally {
    clearInterval(still);
  }
}

interface Doing {
  about(): StepAbout;
  begin(fleet: FleetState): FleetState;
  perform(): Promise<(fleet: FleetState) => FleetState>;
}

function timedStep(step: TimedStep, seconds: () => number, performing: Performing): Doing {
  const { ledger, emit } = performing;
  const about: StepAbout = { fleet: ledger.name, address: `fleet.${ledger.name}`, step, ids: [], deposed: false };
  return {
    about: () => about,
    begin: (fleet) => noting(fleet, (rollout) => ({ ...rollout, waitingSince: new Date().toISOString() })),
    async perform() {
      await performTimed(step, performing, (text) => emit({ type: 'step-progress', about, text, seconds: seconds() }));
      return (fleet) => noting(fleet, ({ waitingSince: _, ...rollout }) => rollout);
    },
  };
}

function slotStep(step: SlotStep, again: boolean, seconds: () => number, performing: Performing): Doing {
  const { ledger, emit } = performing;
  const kind = STEP_KINDS[step.do];
  const { plan, direction } = ledger.rollout;
  const change = plan.changes.find(({ slot }) => slot === step.slot);
  if (!change) throw new Error(`the plan has no change of slot ${step.slot}`);
  const slot = () => ledger.slot(step.slot);
  const members = (who: Who) => membersOf(who, slot());
  const who = 'who' in step ? step.who : 'new';
  const about = (): StepAbout => ({
    fleet: ledger.name,
    address: change.address,
    step,
    ids: members(who).flatMap(({ id }) => id ?? []),
    deposed: who === 'old',
  });
  const work: Work = {
    ...performing,
    ...{ plan, change, direction, again, slot, members },
    slotIndex: step.slot,
    pace: { first: Math.min(250, plan.fleet.health.interval), most: 5000 },
    progress: (text) => emit({ type: 'step-progress', about: about(), text, seconds: seconds() }),
    warn: (message, hint) => emit({ type: 'warning', message, ...(hint !== undefined && { hint }) }),
    play: (event) => emit({ type: 'play', about: about(), event }),
  };
  return {
    about,
    begin: (fleet) => withSlot(fleet, step.slot, (before) => kind.begin?.(before, work, step) ?? before),
    async perform() {
      const changed = await kind.perform(work, step);
      return (fleet) => (changed ? withSlot(fleet, step.slot, changed) : fleet);
    },
  };
}

function noting(fleet: FleetState, update: (rollout: RolloutState) => RolloutState): FleetState {
  return fleet.rollout ? { ...fleet, rollout: update(fleet.rollout) } : fleet;
}
