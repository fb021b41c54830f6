/** A bake as one event a line, for programs: those of `BakeEvent`; schemas/events.json describes those of a play within. */

import type { BakeEvent } from '../bake/events.ts';
import type { BakeReporter } from './bake-reporter.ts';
import { lean, plain } from './json.ts';
import type { Screen } from './screen.ts';

export class BakeJsonReporter implements BakeReporter {
  readonly #screen: Screen;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  emit(event: BakeEvent): void {
    const shown = event.type === 'play' ? { ...event, event: lean(event.event) } : withFault(event);
    this.#screen.out(`${JSON.stringify(shown, plain)}\n`);
  }

  aside<T>(question: () => Promise<T>): Promise<T> {
    return question();
  }

  async close(): Promise<void> {}
}

function withFault(event: BakeEvent): object {
  if (!('fault' in event) || !event.fault) return event;
  const { code, message, hint } = event.fault;
  return { ...event, fault: { code, message, ...(hint !== undefined && { hint }) } };
}
