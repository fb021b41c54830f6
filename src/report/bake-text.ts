/** A bake as lines, for logs and pipes: each step begins with its title, what it waits for stands below. */

import type { BakeEvent } from '../bake/events.ts';
import { cleanLine, endLines, removedLine, startLines, stepEndLine, warningLine } from './bake-lines.ts';
import type { BakeReporter } from './bake-reporter.ts';
import { indented } from './indented.ts';
import type { Reporter } from './reporter.ts';
import type { Screen } from './screen.ts';
import { TextReporter } from './text.ts';

const INDENT = '    ';

export interface BakeTextOptions {
  /** `-v`s. */
  readonly verbosity: number;
}

export class BakeTextReporter implements BakeReporter {
  readonly #screen: Screen;
  readonly #verbosity: number;
  /** What plays on a machine; one for each step. */
  #play: { readonly step: string; readonly reporter: Reporter } | undefined;

  constructor(screen: Screen, { verbosity }: BakeTextOptions) {
    this.#screen = screen;
    this.#verbosity = verbosity;
  }

  emit(event: BakeEvent): void {
    const { color } = this.#screen;
    switch (event.type) {
      case 'bake-start':
        this.#lines(startLines(event));
        break;
      case 'step-start':
        this.#lines([`• ${event.step.title}`]);
        break;
      case 'step-progress':
      case 'step-note':
        this.#lines([`${INDENT}${event.text}`]);
        break;
      case 'play':
        this.#player(event.step.id).emit(event.event);
        break;
      case 'step-end':
        this.#lines([stepEndLine(event, color)]);
        break;
      case 'warning':
        this.#screen.err(`${warningLine(event, color)}\n`);
        break;
      case 'clean-start':
        this.#lines([`• ${cleanLine(event)}`]);
        break;
      case 'clean-progress':
        this.#lines([`${INDENT}${event.text}`]);
        break;
      case 'removed':
        this.#lines([`${INDENT}${removedLine(event, color)}`]);
        break;
      case 'bake-end':
        this.#lines(endLines(event, color));
        break;
    }
  }

  aside<T>(question: () => Promise<T>): Promise<T> {
    return question();
  }

  async close(): Promise<void> {
    await this.#play?.reporter.close();
  }

  #player(step: string): Reporter {
    if (this.#play?.step !== step) {
      const options = { verbosity: this.#verbosity, explain: true, customStats: false };
      this.#play = { step, reporter: new TextReporter(indented(this.#screen, INDENT), options) };
    }
    return this.#play.reporter;
  }

  #lines(lines: readonly (string | undefined)[]): void {
    for (const line of lines) if (line !== undefined) this.#screen.out(`${line}\n`);
  }
}
