/** Ansible's default output, line by line. */

import { basename } from 'node:path';
import type { Diff, HostStats, PlayEvent, ResultData, Status, TaskInfo } from '../play/events.ts';
import { banner, lineWidth } from './banner.ts';
import { paint, type Tone } from './color.ts';
import { dump } from './dump.ts';
import { failurePlace, failureTexts } from './failure.ts';
import { place } from './place.ts';
import { recapLines } from './recap.ts';
import type { Reporter } from './reporter.ts';
import type { Screen } from './screen.ts';
import { hostLabel, isVerbose, type Showing, shownResult, warningsOf } from './shown.ts';
import { unifiedDiff } from './unified-diff.ts';
import { wrap } from './wrap.ts';

type ResultEvent = Extract<PlayEvent, { type: 'result' }>;
type ItemEvent = Extract<PlayEvent, { type: 'item' }>;

const TONES: Readonly<Record<Status, Tone>> = {
  ok: 'ok',
  changed: 'changed',
  skipped: 'skip',
  failed: 'error',
  unreachable: 'unreachable',
};
/** Their `included:` line is their result. */
const INCLUDES = new Set(['include', 'include_tasks', 'include_role']);

export interface TextOptions {
  /** `-v`s. */
  readonly verbosity: number;
  /** Adds what helps people below a failure; without it the text is Ansible's to the byte. */
  readonly explain: boolean;
  /** Shows what `set_stats` collected, after the recap. */
  readonly customStats: boolean;
}

export class TextReporter implements Reporter {
  readonly #screen: Screen;
  readonly #options: TextOptions;
  readonly #warned = new Set<string>();
  /** Tasks and places that were told below a failure already. */
  readonly #placed = new Set<string>();
  #playShown = false;
  #task: number | undefined;

  constructor(screen: Screen, options: TextOptions) {
    this.#screen = screen;
    this.#options = options;
  }

  emit(event: PlayEvent): void {
    switch (event.type) {
      case 'playbook-start':
        if (this.#options.verbosity > 1) this.#banner(`PLAYBOOK: ${basename(event.file)}`);
        break;
      case 'play-start':
        this.#play(event.name);
        break;
      case 'no-hosts':
        if (!this.#playShown) this.#play(event.name);
        this.#line('skipping: no hosts matched', 'skip');
        break;
      case 'task-start':
        this.#taskBanner(event.task);
        break;
      case 'retry':
        this.#retry(event);
        break;
      case 'item':
        this.#item(event);
        break;
      case 'result':
        this.#result(event);
        break;
      case 'included':
        this.#included(event);
        break;
      case 'note':
        if (this.#options.verbosity >= event.level) this.#line(event.message, 'verbose');
        break;
      case 'warning':
        this.#warning(event.message, event.where && place(event.where, this.#screen.directory), event.hint);
        break;
      case 'no-hosts-left':
        this.#banner('NO MORE HOSTS LEFT');
        break;
      case 'run-end':
        this.#end(event.stats, event.custom);
        break;
    }
    this.#playShown = event.type === 'play-start' || (this.#playShown && event.type === 'warning');
  }

  aside<T>(question: () => Promise<T>): Promise<T> {
    return question();
  }

  async close(): Promise<void> {}

  #play(name: string): void {
    this.#task = undefined;
    this.#banner(name.trim() === '' ? 'PLAY' : `PLAY [${name.trim()}]`);
  }

  #taskBanner({ id, name, handler, where }: TaskInfo): void {
    this.#task = id;
    this.#banner(`${handler ? 'RUNNING HANDLER' : 'TASK'} [${name.trim()}]`);
    if (this.#options.verbosity >= 2) this.#line(`task path: ${where.file}:${where.line ?? 1}`, 'debug');
  }

  /** Results of a task that is not the one whose banner was last: the banner comes again. */
  #within(task: TaskInfo): void {
    if (this.#task !== task.id) this.#taskBanner(task);
  }

  #retry({ task, host, retriesLeft, result }: Extract<PlayEvent, { type: 'retry' }>): void {
    const verbose = isVerbose(result, this.#showing(task), 2);
    const data = verbose ? `Result was: ${shownResult(result, this.#showing(task))}` : '';
    this.#line(`FAILED - RETRYING: [${host}]: ${task.name} (${retriesLeft} retries left).${data}`, 'debug');
  }

  #item(event: ItemEvent): void {
    const { task, status, label, result } = event;
    const showing = this.#showing(task, { failed: status === 'failed' });
    if (INCLUDES.has(task.action) && (status === 'ok' || status === 'changed')) return;
    this.#within(task);
    if (status === 'changed') this.#diff(event.diff);
    if (status === 'failed' || status === 'unreachable') {
      this.#said(result);
      this.#line(`failed: [${hostLabel(event)}] (item=${label}) => ${shownResult(result, showing)}`, 'error');
      this.#explain(event);
      return;
    }
    // Ansible leaves a blank after a skipped item, and does not say where it was delegated to.
    const text = status === 'skipped' ? `skipping: [${event.host}] => (item=${label}) ` : undefined;
    const data = isVerbose(result, showing) ? ` => ${shownResult(result, showing)}` : '';
    this.#line(`${text ?? `${status}: [${hostLabel(event)}] => (item=${label})`}${data}`, TONES[status]);
  }

  #result(event: ResultEvent): void {
    const { task, status, loop, ignored } = event;
    if (status === 'ok' && INCLUDES.has(task.action)) return;
    this.#within(task);
    if (status === 'changed' && !loop) this.#diff(event.diff);
    if (status === 'failed' || status === 'unreachable') this.#failed(event);
    else if (!loop || status === 'skipped' || 'censored' in event.result) this.#passed(event);
    else this.#said(event.result);
    if (ignored) this.#line('...ignoring', 'skip');
  }

  #passed(event: ResultEvent): void {
    const { task, status, result, host } = event;
    const showing = this.#showing(task, { loop: event.loop || status === 'skipped' });
    const data = isVerbose(result, showing) ? ` => ${shownResult(result, showing)}` : '';
    if (status !== 'skipped') this.#said(result);
    this.#line(
      `${status === 'skipped' ? `skipping: [${host}]` : `${status}: [${hostLabel(event)}]`}${data}`,
      TONES[status],
    );
  }

  #failed(event: ResultEvent): void {
    const { task, status, result, loop } = event;
    if (status === 'failed') this.#said(result);
    if (loop && status === 'failed') return;
    const verdict = status === 'failed' ? 'FAILED' : 'UNREACHABLE';
    this.#line(
      `fatal: [${hostLabel(event)}]: ${verdict}! => ${shownResult(result, this.#showing(task, { failed: true }))}`,
      TONES[status],
    );
    this.#explain(event);
  }

  /** Below a failure: its place (each once a task), and what is hard to read as JSON. */
  #explain(event: ResultEvent | ItemEvent): void {
    const { task, ignored } = event;
    if (ignored || !this.#options.explain) return;
    const { at, frame } = failurePlace(event, this.#screen);
    if (!this.#placed.has(`${task.id} ${at}`)) {
      this.#line(`  at ${at}`, 'debug');
      for (const line of frame) this.#line(`  ${line}`);
    }
    this.#placed.add(`${task.id} ${at}`);
    for (const { title, lines } of failureTexts(event)) {
      this.#line(`  ${title}:`, 'debug');
      for (const line of lines) this.#line(`    ${line}`);
    }
  }

  /** What a result says beside its data. */
  #said(result: ResultData): void {
    const { exception } = result;
    if (typeof exception === 'string') {
      const error = exception.trim().split('\n').at(-1);
      const text =
        this.#options.verbosity < 3
          ? `An exception occurred during task execution. To see the full traceback, use -vvv. The error was: ${error}`
          : `The full traceback is:\n${exception}`;
      this.#line(text, 'error');
    }
    for (const warning of warningsOf(result)) this.#warning(warning);
  }

  #diff(diffs: readonly Diff[]): void {
    const text = diffs.map((diff) => unifiedDiff(diff, this.#screen.color)).join('');
    if (text !== '') this.#screen.out(text);
  }

  #included({ file, hosts, label }: Extract<PlayEvent, { type: 'included' }>): void {
    const item = label === undefined ? '' : ` => (item=${label})`;
    this.#line(`included: ${file} for ${hosts.join(', ')}${item}`, 'skip');
  }

  #warning(message: string, where?: string, hint?: string): void {
    const text = `[WARNING]: ${where ? `${where}: ` : ''}${message}${hint ? ` (${hint})` : ''}`;
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    this.#screen.err(
      `${paint(wrap(text, lineWidth(this.#screen.columns())).join('\n'), 'warn', this.#screen.color)}\n`,
    );
  }

  #end(stats: ReadonlyMap<string, HostStats>, custom: ResultData | undefined): void {
    this.#banner('PLAY RECAP');
    for (const line of recapLines(stats, this.#screen.color)) this.#line(line);
    this.#line('');
    if (this.#options.customStats && custom && Object.keys(custom).length > 0) this.#custom(custom);
  }

  #custom(custom: ResultData): void {
    this.#banner('CUSTOM STATS: ');
    for (const [name, value] of Object.entries(custom)) {
      if (name !== '_run') this.#line(`\t${name}: ${dump(value, 1).replaceAll('\n', '')}`);
    }
    if (custom['_run'] !== undefined) this.#line(`\n\tRUN: ${dump(custom['_run'], 1).replaceAll('\n', '')}`);
    this.#line('');
  }

  #showing({ action }: TaskInfo, how: Pick<Showing, 'loop' | 'failed'> = {}): Showing {
    return { action, verbosity: this.#options.verbosity, ...how };
  }

  #banner(text: string): void {
    this.#line(banner(text, this.#screen.columns()));
  }

  #line(text: string, tone?: Tone): void {
    const line = text.endsWith('\n') ? text.slice(0, -1) : text;
    this.#screen.out(`${paint(line, tone, this.#screen.color)}\n`);
  }
}
