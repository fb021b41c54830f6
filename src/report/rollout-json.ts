/** Rollouts as one event a line, for programs: schemas/rollout-events.json describes them. */

import type { RolloutEvent } from '../rollout/events.ts';
import { lean, plain } from './json.ts';
import type { RolloutReporter } from './rollout-reporter.ts';
import type { Screen } from './screen.ts';

export class RolloutJsonReporter implements RolloutReporter {
  readonly #screen: Screen;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  emit(event: RolloutEvent): void {
    this.#screen.out(`${JSON.stringify(shown(event), plain)}\n`);
  }
}

function shown(event: RolloutEvent): object {
  if (event.type === 'play') return { ...event, event: lean(event.event) };
  if (event.type !== 'rollout-end' || !event.fault) return event;
  const { code, message, hint } = event.fault;
  return { ...event, fault: { code, message, ...(hint !== undefined && { hint }) } };
}
