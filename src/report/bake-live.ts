/** A bake on a terminal: the steps that are done, and below them the one that moves. */

import type { BakeEvent, StepInfo } from '../bake/events.ts';
import { cleanLine, endLines, removedLine, secondsOf, startLines, stepEndLine, warningLine } from './bake-lines.ts';
import type { BakeReporter } from './bake-reporter.ts';
import type { FrameTask } from './frame.ts';
import { indented } from './indented.ts';
import { LiveReporter } from './live.ts';
import { LiveView } from './live-view.ts';
import type { Screen } from './screen.ts';

const INDENT = '    ';

export interface BakeLiveOptions {
  /** `-v`s. */
  readonly verbosity: number;
}

export class BakeLiveReporter implements BakeReporter {
  readonly #screen: Screen;
  readonly #verbosity: number;
  readonly #view: LiveView;
  /** What is under way. */
  #now: { readonly step: StepInfo; readonly since: number; text: string } | undefined;
  #notes: string[] = [];
  #lines: string[] = [];
  /** While a playbook plays, its own view has the terminal. */
  #player: LiveReporter | undefined;
  /** Changes of who has the terminal, one after the other; events wait for them. */
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(screen: Screen, { verbosity }: BakeLiveOptions) {
    this.#screen = screen;
    this.#verbosity = verbosity;
    this.#view = new LiveView({ frame: () => this.#frame(), lines: () => this.#taken() }, screen.out);
    this.#view.start();
    screen.onResize(() => this.#view.redraw());
  }

  emit(event: BakeEvent): void {
    const changes = (event.type === 'play') !== (this.#player !== undefined);
    if (this.#waiting === 0 && !changes) {
      this.#show(event);
      return;
    }
    this.#inTurn(async () => {
      if (event.type === 'play') await this.#beginPlay();
      else await this.#endPlay();
      this.#show(event);
    });
  }

  async aside<T>(question: () => Promise<T>): Promise<T> {
    await this.#turn;
    if (this.#player) return this.#player.aside(question);
    await this.#view.stop();
    try {
      return await question();
    } finally {
      this.#view.start();
    }
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#endPlay();
    await this.#view.stop();
  }

  #inTurn(work: () => Promise<void>): void {
    this.#waiting += 1;
    this.#turn = this.#turn.then(work).finally(() => {
      this.#waiting -= 1;
    });
  }

  async #beginPlay(): Promise<void> {
    if (this.#player) return;
    await this.#view.stop();
    this.#player = new LiveReporter(indented(this.#screen, INDENT), { verbosity: this.#verbosity });
  }

  async #endPlay(): Promise<void> {
    if (!this.#player) return;
    await this.#player.close();
    this.#player = undefined;
    this.#view.start();
  }

  #show(event: BakeEvent): void {
    const { color } = this.#screen;
    switch (event.type) {
      case 'bake-start':
        this.#lines.push(...startLines(event));
        break;
      case 'step-start':
        this.#begin(event.step);
        break;
      case 'step-progress':
      case 'clean-progress':
        if (this.#now) this.#now.text = event.text;
        break;
      case 'step-note':
        this.#notes.push(`${INDENT}${event.text}`);
        break;
      case 'play':
        this.#player?.emit(event.event);
        break;
      case 'step-end': {
        const line = stepEndLine(event, color);
        this.#lines.push(...(line === undefined ? [] : [line]), ...this.#notes);
        this.#now = undefined;
        break;
      }
      case 'warning':
        this.#lines.push(warningLine(event, color));
        break;
      case 'clean-start':
        this.#lines.push(`• ${cleanLine(event)}`);
        this.#begin({ id: 'clean', title: cleanLine(event) });
        break;
      case 'removed':
        this.#lines.push(`${INDENT}${removedLine(event, color)}`);
        break;
      case 'bake-end':
        this.#now = undefined;
        this.#lines.push(...endLines(event, color));
        break;
    }
  }

  #begin(step: StepInfo): void {
    this.#now = { step, since: Date.now(), text: '' };
    this.#notes = [];
  }

  #frame(): readonly FrameTask[] {
    if (!this.#now) return [];
    const { step, since, text } = this.#now;
    const title = `${step.title}  ${secondsOf((Date.now() - since) / 1000)}`;
    const columns = this.#screen.columns();
    const row = {
      key: 'text',
      title: columns > 0 ? text.slice(0, Math.max(0, columns - 6)) : text,
      state: 'running',
    } as const;
    return [{ key: step.id, title: title.slice(0, columns > 0 ? columns - 3 : undefined), rows: [row] }];
  }

  #taken(): string {
    const text = this.#lines.map((line) => `${line}\n`).join('');
    this.#lines = [];
    return text;
  }
}
