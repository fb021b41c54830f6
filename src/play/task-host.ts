/** What a module sees of its task and its host. */

import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { Become } from '../connection/connection.ts';
import type { Session } from '../connection/session.ts';
import type { Where } from '../fault.ts';
import { apply, type Seat } from '../module/apply.ts';
import { largePuts } from '../module/large-puts.ts';
import type { Host, Outcome, Plain, Steps, Value } from '../module/module.ts';
import { onlyLook } from '../shell/steps.ts';
import { layer, type Scope, type Templar } from '../template/templar.ts';
import { dict, fromPlain, isDict, toPlain } from '../value/value.ts';
import type { Departure } from './departure.ts';
import { findFile } from './files.ts';
import type { HostState } from './host-state.ts';
import { explainCondition } from './item.ts';
import { NotYet } from './not-yet.ts';
import type { Mode } from './options.ts';
import { sleep } from './sleep.ts';
import type { Turn } from './turn.ts';

export interface TaskHostInput {
  readonly state: HostState;
  readonly mode: Mode;
  readonly isImage: Host['isImage'];
  readonly scope: Scope;
  readonly templar: Templar;
  readonly searchPath: readonly string[];
  readonly where: Where;
  readonly check: boolean;
  readonly diff: boolean;
  readonly verbosity: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly session: () => Session;
  /** Undefined where another host's task is delegated to this one. */
  readonly turn?: Turn | undefined;
  /** Told when the last steps of the task are on their way. */
  readonly sent?: (() => void) | undefined;
  /** Told when a look at the host is on its way. */
  readonly looks?: (() => void) | undefined;
  /** Settles when all that comes before is on its way: only then what was looked at can be relied on. */
  readonly clear?: Departure['sent'] | undefined;
  readonly reset: () => Promise<void>;
  readonly become: () => Become | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: ((line: string) => void) | undefined;
  readonly ask: Host['ask'];
  readonly setVariables: Host['setVariables'];
  /** Told each fact that the module looks at. */
  readonly onFact?: ((name: string, value: Value) => void) | undefined;
  readonly warnings: string[];
}

export class TaskHost implements Host {
  readonly facts: { readonly [name: string]: Plain };
  readonly check: boolean;
  readonly diff: boolean;
  readonly mode: Mode;
  readonly verbosity: number;
  readonly ask: Host['ask'];
  readonly #input: TaskHostInput;
  /** What `changes` of the turn was when the task looked at the host; undefined where it has not. */
  #view: number | undefined;
  /** Variables to be set when the turn has come. */
  #unset: (() => void)[] = [];

  constructor(input: TaskHostInput) {
    this.#input = input;
    this.facts = factsView(input);
    this.mode = input.mode;
    this.check = input.check;
    this.diff = input.diff;
    this.verbosity = input.verbosity;
    this.ask = input.ask;
  }

  /** A look may go out before it is known what the tasks before this one do; then it is to be made sure of. */
  async apply(steps: Steps): Promise<Outcome> {
    const { turn, looks } = this.#input;
    if (turn && onlyLook(steps)) {
      this.#view ??= turn.changes;
      return this.#apply(steps, looks, turn.looking);
    }
    turn?.wait();
    await this.sure();
    return this.#apply(steps, undefined);
  }

  /** What comes of it is told when the task's turn has come. */
  async finish(steps: Steps): Promise<Outcome> {
    await this.sure();
    try {
      return await this.#apply(steps, this.#input.sent);
    } finally {
      await this.#input.turn?.come;
    }
  }

  /**
   * Waits until all that comes before is on its way. Throws NotYet where that may have changed what was looked at, and
   * where it never will be on its way: then only the turn tells whether this is done at all.
   */
  async sure(): Promise<void> {
    const { clear, turn } = this.#input;
    if ((await clear) === false) turn?.wait();
    if (this.#view !== undefined && this.#view !== turn?.changes) throw new NotYet(Promise.resolve());
    this.#view = undefined;
  }

  setVariables(variables: { readonly [name: string]: Value }, kind: 'fact' | 'include_vars' | 'set_fact'): void {
    const set = () => this.#input.setVariables(variables, kind);
    if (!this.#input.turn || this.#input.turn.isHere) set();
    else this.#unset.push(set);
  }

  /** To be called when the turn has come. */
  commit(): void {
    for (const set of this.#unset.splice(0)) set();
  }

  async #apply(
    steps: Steps,
    onSent: (() => void) | undefined,
    seat: Seat | undefined = this.#input.turn,
  ): Promise<Outcome> {
    const { check, diff, environment, onProgress, turn } = this.#input;
    // They go by a channel of their own, which keeps no order.
    if (largePuts(steps).length > 0) turn?.wait();
    return apply(this.#input.session(), steps, {
      check,
      diff,
      environment,
      become: this.#input.become(),
      onProgress,
      onSent,
      seat,
      watch: onProgress !== undefined,
    });
  }

  variable(name: string): Value | undefined {
    return this.#input.scope.get(name);
  }

  variables(): readonly string[] {
    return this.#input.scope.names();
  }

  render(value: Value, extra?: { readonly [name: string]: Value }): Value {
    const { scope, templar, where } = this.#input;
    return templar.render(value, extra ? scope.with(layer(dict(extra))) : scope, where);
  }

  condition(expression: Value): boolean {
    const { scope, templar, where } = this.#input;
    try {
      return templar.condition(expression, scope, where);
    } catch (error) {
      throw explainCondition(error, expression);
    }
  }

  evaluate(expression: string): Value {
    const { scope, templar, where } = this.#input;
    return templar.evaluate(expression, scope, where);
  }

  async renderFile(path: string, options: { readonly [name: string]: Plain } = {}): Promise<string> {
    const text = await readFile(path, 'utf8');
    if (path.endsWith('.hbs')) return this.#handlebars(text);
    const { scope, templar } = this.#input;
    return templar.file(text, path, scope.with(layer(templateVariables(path, options), { templated: false })), options);
  }

  find(name: string, kind: 'files' | 'templates' | 'vars' | 'tasks'): string {
    const { searchPath, where, templar } = this.#input;
    return findFile(name, kind, searchPath, where, (path) => templar.onRead?.({ kind: 'file', path }));
  }

  warn(message: string): void {
    this.#input.warnings.push(message);
  }

  sleep(seconds: number): Promise<void> {
    return sleep(seconds, this.#input.signal);
  }

  get transport(): string {
    return this.#input.session().target.kind;
  }

  isImage(address: string): boolean {
    return this.#input.isImage(address);
  }

  async reconnect(seconds: number, attempt?: number): Promise<void> {
    await this.#input.reset();
    const end = Date.now() + seconds * 1000;
    for (;;) {
      try {
        await this.#connect(attempt);
        return;
      } catch (error) {
        if (Date.now() >= end) throw error;
        await this.sleep(Math.min(1, seconds));
      }
    }
  }

  /** With a patience of its own only to see whether the host is there; what follows has the usual one. */
  async #connect(attempt: number | undefined): Promise<void> {
    const session = this.#input.session();
    if (attempt === undefined) return void (await session.channel());
    const trial = session.withTimeout(attempt);
    try {
      await trial.channel();
    } finally {
      await trial.close();
    }
  }

  /** Own properties only: Handlebars never sees a prototype. */
  async #handlebars(text: string): Promise<string> {
    const { default: handlebars } = await import('handlebars');
    const { scope } = this.#input;
    const variables: Record<string, Plain> = {};
    for (const name of scope.names()) {
      Object.defineProperty(variables, name, { enumerable: true, get: () => toPlain(scope.get(name) ?? null) });
    }
    return handlebars.compile(text, { noEscape: true, strict: true })(variables);
  }
}

/** Read lazily: most modules look at no fact. */
function factsView({ state, turn, onFact }: TaskHostInput): { readonly [name: string]: Plain } {
  const read = (name: string | symbol): Plain | undefined => {
    turn?.waitForFacts(state);
    const value = typeof name === 'string' ? state.facts.get(name) : undefined;
    if (value === undefined) return undefined;
    onFact?.(String(name), value);
    return toPlain(value);
  };
  return new Proxy<Record<string, Plain>>(Object.create(null) as Record<string, Plain>, {
    get: (_, name) => read(name),
    has: (_, name) => {
      turn?.waitForFacts(state);
      return typeof name === 'string' && state.facts.has(name);
    },
    ownKeys: () => {
      turn?.waitForFacts(state);
      return [...state.facts.keys()].map(String);
    },
    getOwnPropertyDescriptor: (_, name) => {
      const value = read(name);
      return value === undefined ? undefined : { enumerable: true, configurable: true, value };
    },
  });
}

/** The variables that only template files see. */
function templateVariables(path: string, options: { readonly [name: string]: Plain }): Map<Value, Value> {
  const extra = fromPlain(options['variables'] ?? {});
  return new Map<Value, Value>([
    ['ansible_managed', 'Ansible managed'],
    ['template_path', path],
    ['template_fullpath', path],
    ['template_host', userInfo().username],
    ['template_uid', userInfo().username],
    ['template_run_date', new Date().toISOString()],
    ...(isDict(extra) ? extra : []),
  ]);
}
