/** Does what the plan says that stands in the state, from where it is to its end. */

import { Fault } from '../../fault.ts';
import type { RolloutState } from '../state/state.ts';
import { performStage } from './perform-stage.ts';
import type { Performing } from './performing.ts';
import { AtCheckpoint } from './timed.ts';

/**
 * Throws the verdict (`rollout-unhealthy`), `AtCheckpoint`, `interrupted`, and Faults of the cloud and the state; after any of
 * them it can be called again.
 */
export async function performPlan(performing: Performing): Promise<void> {
  const { ledger, signal, emit } = performing;
  const move = (to: Pick<RolloutState, 'batch' | 'stage'>) =>
    ledger.change((fleet) =>
      fleet.rollout ? { ...fleet, rollout: { ...fleet.rollout, ...to, begun: [], done: [] } } : fleet,
    );
  let told: number | undefined;
  for (;;) {
    const { plan, batch: number, stage } = ledger.rollout;
    const batch = plan.batches[number];
    if (!batch) return;
    if (signal.aborted) throw new Fault('interrupted', 'the rollout was stopped');
    if (told !== number) {
      const { kind, slots, least, most } = batch;
      emit({
        type: 'batch-start',
        fleet: ledger.name,
        number: number + 1,
        of: plan.batches.length,
        ...{ kind, slots, least, most },
      });
      told = number;
    }
    const here = batch.stages[stage];
    if (here) await performStage(here, performing);
    await move(here ? { batch: number, stage: stage + 1 } : { batch: number + 1, stage: 0 });
    const reached = here?.steps.find((step) => step.do === 'checkpoint' && step.time === undefined);
    if (reached?.do === 'checkpoint') throw new AtCheckpoint(reached.percent);
  }
}
