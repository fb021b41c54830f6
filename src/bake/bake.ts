/** A bake from its start, or from where it was killed, to its end. */

import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cloud } from '../cloud/cloud.ts';
import { Fault, faultsOf } from '../fault.ts';
import { quote } from '../shell/sh.ts';
import { Engine } from './engine.ts';
import type { BakeOutcome, EmitBake, ImageCopy, StepInfo } from './events.ts';
import { accountOf, type Left } from './journal/account.ts';
import type { NewEntry, RunFacts } from './journal/entry.ts';
import { JOURNAL_VERSION } from './journal/entry.ts';
import { Journal } from './journal/journal.ts';
import { makeRunDirectory, type RunDirectory, removeSecrets } from './journal/run-directory.ts';
import { newRunId } from './journal/run-id.ts';
import { lockRun } from './journal/run-lock.ts';
import { removeAll } from './remove/remove-all.ts';
import type { BakeRequest } from './request.ts';
import { resumable } from './resumable.ts';
import { STEPS } from './steps/index.ts';
import { runTags } from './tags.ts';
import { Unchanged } from './unchanged.ts';

/** What to do when a step fails. */
export type OnError = 'undo' | 'keep' | 'retry';

export interface BakeOptions {
  readonly request: BakeRequest;
  readonly cloud: Cloud;
  readonly emit: EmitBake;
  /** Aborted by Ctrl-C: the bake stops, and what it made is removed. */
  readonly signal: AbortSignal;
  readonly onError: (step: StepInfo, faults: readonly Fault[]) => Promise<OnError>;
  /** The id of a run that was killed, to go on with. */
  readonly resume?: string | undefined;
}

export interface BakeResult {
  readonly run: string;
  readonly outcome: BakeOutcome;
  readonly imageId?: string;
  readonly name?: string;
  readonly copies: readonly ImageCopy[];
  /** Why it failed. */
  readonly faults: readonly Fault[];
}

/** Throws Faults for a run that cannot be begun or resumed; why a begun one failed is in the result. */
export async function bake(options: BakeOptions): Promise<BakeResult> {
  const { request, resume } = options;
  const run = resume ?? newRunId(new Date());
  const directory = makeRunDirectory(request.project, run);
  const unlock = lockRun(directory.lock, run);
  try {
    const journal = new Journal(directory.journal);
    try {
      return await new Bake(options, run, directory, journal).do();
    } finally {
      journal.close();
    }
  } finally {
    unlock();
  }
}

class Bake {
  readonly #options: BakeOptions;
  readonly #run: string;
  readonly #directory: RunDirectory;
  readonly #journal: Journal;
  readonly #started = performance.now();
  #kept = false;

  constructor(options: BakeOptions, run: string, directory: RunDirectory, journal: Journal) {
    this.#options = options;
    this.#run = run;
    this.#directory = directory;
    this.#journal = journal;
  }

  async do(): Promise<BakeResult> {
    const { request, cloud, emit, resume, signal } = this.#options;
    const { image } = request;
    if (resume === undefined) {
      this.#journal.add({ type: 'start', version: JOURNAL_VERSION, run: this.#run, facts: factsOf(request, cloud) });
    } else {
      resumable(this.#run, accountOf(this.#journal.entries), factsOf(request, cloud));
      this.#journal.add({ type: 'resume' });
    }
    const { kind, why, region } = cloud;
    const names = { run: this.#run, image: image.name, playbook: image.playbook };
    emit({ type: 'bake-start', ...names, cloud: kind, why, region, resumed: resume !== undefined });
    const tooLong = new AbortController();
    const clock = new AbortController();
    void sleep(image.timeouts.total, undefined, { signal: clock.signal, ref: false }).then(
      () =>
        tooLong.abort(
          new Fault('cloud-timeout', 'the bake takes too long', { hint: 'timeouts.total sets how long it may' }),
        ),
      () => undefined,
    );
    // The same whenever the run is resumed: a ClientToken goes with the very same tags.
    const until = new Date(Date.parse(accountOf(this.#journal.entries).started ?? '') + image.timeouts.total);
    const engine = new Engine({
      run: this.#run,
      request,
      cloud,
      directory: this.#directory,
      journal: this.#journal,
      signal: AbortSignal.any([signal, tooLong.signal]),
      tags: runTags({ run: this.#run, image: image.name, until }),
      emit,
      tryAgain: (step, error) => this.#tryAgain(step, error),
    });
    try {
      const { imageId, imageName, copies } = await STEPS.perform({}, engine);
      return await this.#end('baked', engine, [], { imageId, name: imageName, copies });
    } catch (error) {
      if (error instanceof Unchanged) {
        return await this.#end('unchanged', engine, [], { imageId: error.imageId, name: error.imageName, copies: [] });
      }
      const faults = faultsOf(error);
      if (!faults) {
        await this.#end('failed', engine, []);
        throw error;
      }
      const outcome = this.#kept ? 'kept' : faults[0]?.code === 'interrupted' ? 'interrupted' : 'failed';
      return await this.#end(outcome, engine, faults);
    } finally {
      clock.abort();
    }
  }

  async #tryAgain(step: StepInfo, error: unknown): Promise<boolean> {
    const faults = faultsOf(error);
    if (!faults || faults.some(({ code }) => code === 'interrupted' || code === 'journal-failed')) return false;
    const choice = await this.#options.onError(step, faults);
    this.#kept = choice === 'keep';
    return choice === 'retry';
  }

  async #end(
    outcome: BakeOutcome,
    engine: Engine,
    faults: readonly Fault[],
    image: { readonly imageId?: string; readonly name?: string; readonly copies: readonly ImageCopy[] } = {
      copies: [],
    },
  ): Promise<BakeResult> {
    const { cloud, emit } = this.#options;
    await engine.close();
    const troubles = outcome === 'kept' ? [] : await this.#clean(outcome);
    const left = this.#left(outcome);
    emit({
      type: 'bake-end',
      outcome,
      run: this.#run,
      region: cloud.region,
      ...image,
      steps: engine.times,
      seconds: (performance.now() - this.#started) / 1000,
      left: left.length,
      hints: this.#hints(outcome, left),
    });
    return { run: this.#run, outcome, ...image, faults: [...faults, ...troubles] };
  }

  /** Removes what was only needed for the bake; when it has failed, all. */
  async #clean(outcome: BakeOutcome): Promise<readonly Fault[]> {
    const isGood = outcome === 'baked' || outcome === 'unchanged';
    if (!isGood) this.#note({ type: 'undo' });
    const { cloud, emit } = this.#options;
    const faults = await removeAll({
      cloud,
      run: this.#run,
      left: this.#left(outcome),
      why: isGood ? 'end' : 'failure',
      emit,
      // A second Ctrl-C ends the process.
      signal: new AbortController().signal,
      onRemoved: (resource) => this.#note({ type: 'removed', resource }),
    });
    if (faults.length > 0) return faults;
    this.#note({
      type: 'end',
      outcome: outcome === 'baked' ? 'baked' : outcome === 'unchanged' ? 'unchanged' : 'undone',
    });
    removeSecrets(this.#directory);
    // A run that made nothing is not worth remembering.
    const isVain =
      accountOf(this.#journal.entries).left.length === 0 &&
      !this.#journal.entries.some(({ type }) => type === 'intend');
    if (isVain) rmSync(this.#directory.root, { recursive: true, force: true });
    return [];
  }

  #left(outcome: BakeOutcome): readonly Left[] {
    const { left } = accountOf(this.#journal.entries);
    return outcome === 'baked' ? left.filter(({ step }) => !STEPS.keeping.has(step)) : left;
  }

  /** While things are removed, a journal that cannot be written is no reason to stop. */
  #note(entry: NewEntry): void {
    try {
      this.#journal.add(entry);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#options.emit({ type: 'warning', message: error.message });
    }
  }

  #hints(outcome: BakeOutcome, left: readonly Left[]): readonly string[] {
    if (left.length === 0) return [];
    const sweep = `\`bake sweep ${this.#run}\` removes what is left`;
    if (outcome !== 'kept') return [sweep];
    return [...this.#wayIn(), `\`bake --resume ${this.#run}\` goes on from the step that failed`, sweep];
  }

  #wayIn(): readonly string[] {
    const { done } = accountOf(this.#journal.entries);
    const found = done.get('machine');
    const machine: unknown = found && 'machine' in found ? found.machine : undefined;
    if (typeof machine !== 'object' || machine === null || !('address' in machine && 'user' in machine)) return [];
    const { secrets } = this.#directory;
    const options = [`UserKnownHostsFile="${secrets}/known_hosts" /dev/null`, `HostKeyAlias=playbake-${this.#run}`];
    const words = ['-i', `${secrets}/login`, ...options.flatMap((option) => ['-o', option])];
    const login = `${String(machine.user)}@${String(machine.address)}`;
    return [`look into the machine: ssh ${words.map(quote).join(' ')} ${login}`];
  }
}

function factsOf(request: BakeRequest, { kind, region }: Cloud): RunFacts {
  const { image, configFile, inventory, tags, skipTags, extraVars, name, test, force } = request;
  return {
    image: image.name,
    playbook: image.playbook,
    config: configFile,
    cloud: kind,
    region,
    inventory,
    tags,
    skipTags,
    extraVars: extraVars.map((one) => createHash('sha256').update(one).digest('hex')),
    name,
    test,
    force,
  };
}
