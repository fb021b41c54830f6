/** A rollout as lines, in Terraform's words. */

import type { RolloutEvent, StepAbout } from '../rollout/events.ts';
import { paint } from './color.ts';
import {
  batchLine,
  beginningOf,
  endLines,
  startLine,
  stepEndLine,
  stepStartLine,
  stillLine,
  verdictLines,
} from './rollout-lines.ts';
import type { RolloutReporter } from './rollout-reporter.ts';
import type { Screen } from './screen.ts';

export class RolloutTextReporter implements RolloutReporter {
  readonly #screen: Screen;
  /** Seconds of steps that have ended, by address and step: what follows may count from their beginning. */
  readonly #spent = new Map<string, number>();
  /** What a step waits for. */
  readonly #waits = new Map<string, string>();

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  emit(event: RolloutEvent): void {
    const { color } = this.#screen;
    switch (event.type) {
      case 'rollout-start':
        this.#lines([startLine(event)]);
        break;
      case 'batch-start':
        this.#lines(['', batchLine(event)]);
        break;
      case 'step-start':
        this.#lines([stepStartLine(event, color)]);
        break;
      case 'step-progress':
        this.#waits.set(keyOf(event.about), event.text);
        break;
      case 'step-still':
        this.#lines([stillLine(event, this.#waits.get(keyOf(event.about)), color)]);
        break;
      case 'step-end':
        this.#end(event);
        break;
      case 'warning':
        this.#screen.err(
          `${paint(`[WARNING]: ${event.message}${event.hint ? ` (${event.hint})` : ''}`, 'warn', color)}\n`,
        );
        break;
      case 'verdict':
        this.#lines(verdictLines(event, color));
        break;
      case 'rollout-end':
        this.#lines(endLines(event, color));
        break;
      case 'play':
        break;
    }
  }

  #end(event: Extract<RolloutEvent, { type: 'step-end' }>): void {
    const { about, seconds } = event;
    const first = keyOf(about, beginningOf(about.step));
    const before = first === keyOf(about) ? 0 : (this.#spent.get(first) ?? 0);
    this.#waits.delete(keyOf(about));
    this.#spent.set(keyOf(about), seconds);
    this.#lines([stepEndLine(event, before + seconds, this.#screen.color)]);
  }

  #lines(lines: readonly (string | undefined)[]): void {
    for (const line of lines) if (line !== undefined) this.#screen.out(`${line}\n`);
  }
}

function keyOf({ address, deposed, step }: StepAbout, kind = step.do): string {
  return `${address} ${deposed} ${kind}`;
}
