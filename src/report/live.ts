/** A view that moves: what runs on which host, with what has happened above it. */

import type { PlayEvent, TaskInfo } from '../play/events.ts';
import { banner, lineWidth } from './banner.ts';
import { paint, type Tone } from './color.ts';
import { frameOf } from './frame.ts';
import { type Outcome, outcomeLines, taskLines } from './live-lines.ts';
import { LiveView } from './live-view.ts';
import { place } from './place.ts';
import { recapLines } from './recap.ts';
import type { Reporter } from './reporter.ts';
import type { Screen } from './screen.ts';
import { warningsOf } from './shown.ts';
import { Tally } from './tally.ts';
import { wrap } from './wrap.ts';

export interface LiveOptions {
  /** `-v`s. */
  readonly verbosity: number;
}

export class LiveReporter implements Reporter {
  readonly #screen: Screen;
  readonly #verbosity: number;
  readonly #view: LiveView;
  /** Tasks under way; more than one where hosts do not wait for each other. */
  readonly #open = new Map<number, Tally>();
  /** What tasks under way will have to say below their line. */
  readonly #details = new Map<number, string[]>();
  readonly #warned = new Set<string>();
  #lines: string[] = [];

  constructor(screen: Screen, { verbosity }: LiveOptions) {
    this.#screen = screen;
    this.#verbosity = verbosity;
    const frame = () => {
      const size = { columns: screen.columns(), rows: screen.rows() };
      return frameOf(
        [...this.#open.values()].filter((tally) => tally.running > 0),
        Date.now(),
        size,
      );
    };
    this.#view = new LiveView({ frame, lines: () => this.#taken() }, screen.out);
    this.#view.start();
    screen.onResize(() => this.#view.redraw());
  }

  emit(event: PlayEvent): void {
    switch (event.type) {
      case 'play-start':
        this.#closeAll();
        this.#say(banner(`PLAY [${event.name}]`, this.#screen.columns()));
        break;
      case 'no-hosts':
        this.#say('skipping: no hosts matched', 'skip');
        break;
      case 'task-start':
        for (const tally of this.#open.values()) if (tally.running === 0) this.#closeTask(tally);
        this.#open.set(event.task.id, new Tally(event.task, event.hosts, Date.now()));
        break;
      case 'host-start':
        this.#tally(event.task).update(event.host, { since: Date.now() });
        break;
      case 'progress':
        this.#tally(event.task).update(event.host, { line: event.line });
        break;
      case 'retry':
        this.#tally(event.task).update(event.host, { line: `failed, ${event.retriesLeft} retries left` });
        break;
      case 'item':
        this.#tally(event.task).update(event.host, { line: `${event.status}: ${event.label}` });
        this.#detail(event);
        break;
      case 'result':
        this.#result(event);
        break;
      case 'included':
        this.#say(`  included: ${event.file} for ${event.hosts.join(', ')}`, 'skip');
        break;
      case 'note':
        if (this.#verbosity >= event.level) this.#say(event.message, 'verbose');
        break;
      case 'warning':
        this.#warn(
          `${event.where ? `${place(event.where, this.#screen.directory)}: ` : ''}${event.message}`,
          event.hint,
        );
        break;
      case 'no-hosts-left':
        this.#closeAll();
        this.#say(banner('NO MORE HOSTS LEFT', this.#screen.columns()));
        break;
      case 'run-end':
        this.#closeAll();
        this.#say(banner('PLAY RECAP', this.#screen.columns()));
        this.#lines.push(...recapLines(event.stats, this.#screen.color), '');
        break;
    }
  }

  async aside<T>(question: () => Promise<T>): Promise<T> {
    await this.#view.stop();
    try {
      return await question();
    } finally {
      this.#view.start();
    }
  }

  async close(): Promise<void> {
    await this.#view.stop();
  }

  #result(event: Extract<PlayEvent, { type: 'result' }>): void {
    const { host, status, ignored, result } = event;
    const tally = this.#tally(event.task);
    tally.update(host, { status, ignored, result, finished: Date.now() });
    this.#detail(event);
    if (tally.done) this.#closeTask(tally);
  }

  #detail(event: Outcome): void {
    for (const warning of warningsOf(event.result)) this.#warn(warning);
    const lines = outcomeLines(event, this.#verbosity, this.#screen);
    if (lines.length === 0) return;
    const known = this.#details.get(event.task.id);
    if (known) known.push(...lines);
    else this.#details.set(event.task.id, lines);
  }

  /** A task's tally; one that was not announced, or is closed already, is opened. */
  #tally(task: TaskInfo): Tally {
    const known = this.#open.get(task.id);
    if (known) return known;
    const tally = new Tally(task, [], Date.now());
    this.#open.set(task.id, tally);
    return tally;
  }

  #closeTask(tally: Tally): void {
    this.#open.delete(tally.task.id);
    this.#lines.push(...taskLines(tally, Date.now(), this.#screen.color), ...(this.#details.get(tally.task.id) ?? []));
    this.#details.delete(tally.task.id);
  }

  #closeAll(): void {
    for (const tally of this.#open.values()) this.#closeTask(tally);
  }

  #warn(message: string, hint?: string): void {
    const text = `[WARNING]: ${message}${hint ? ` (${hint})` : ''}`;
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    for (const line of wrap(text, lineWidth(this.#screen.columns()))) this.#say(line, 'warn');
  }

  #say(text: string, tone?: Tone): void {
    this.#lines.push(paint(text, tone, this.#screen.color));
  }

  #taken(): string {
    const text = this.#lines.map((line) => `${line}\n`).join('');
    this.#lines = [];
    return text;
  }
}
