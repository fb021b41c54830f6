import type { RolloutEvent } from '../rollout/events.ts';

/** Shows what happens in rollouts. Events come in order. */
export interface RolloutReporter {
  emit(event: RolloutEvent): void;
}
