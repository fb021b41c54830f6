/** Does the steps of a run one after the other, and writes down what must be known when this process is killed. */

import type { Cloud } from '../cloud/cloud.ts';
import { asFault } from '../cloud/cloud-error.ts';
import type { Tags } from '../cloud/tags.ts';
import { Fault, faultsOf } from '../fault.ts';
import type { PlayEvent } from '../play/events.ts';
import type { EmitBake, StepInfo, StepTime } from './events.ts';
import { accountOf } from './journal/account.ts';
import type { Journal } from './journal/journal.ts';
import type { Resource, ResourceKind } from './journal/resource.ts';
import type { RunDirectory } from './journal/run-directory.ts';
import { type Address, Machine, targetOf } from './machine.ts';
import type { BakeRequest } from './request.ts';
import type { Performer, Step } from './step.ts';
import { Unchanged } from './unchanged.ts';
import { Witness } from './witness.ts';
import type { Work } from './work.ts';

export interface EngineOptions {
  readonly run: string;
  readonly request: BakeRequest;
  readonly cloud: Cloud;
  readonly directory: RunDirectory;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  readonly tags: Tags;
  readonly emit: EmitBake;
  /** Asked when a step fails: whether to try it again. */
  readonly tryAgain: (step: StepInfo, error: unknown) => Promise<boolean>;
}

export class Engine implements Performer {
  readonly times: StepTime[] = [];
  readonly #options: EngineOptions;
  readonly #machines = new Map<string, Machine>();
  readonly #secrets = new Set<string>();
  readonly #witness = new Witness();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Ends the sessions with machines. */
  async close(): Promise<void> {
    const machines = [...this.#machines.values()];
    this.#machines.clear();
    await Promise.all(machines.map((machine) => machine.close()));
  }

  async perform<Needs, Gives extends object>(step: Step<Needs, Gives>, state: Needs): Promise<Gives> {
    const { emit, journal } = this.#options;
    const info: StepInfo = { id: step.id, title: step.title };
    const account = accountOf(journal.entries);
    const done = account.done.get(step.id);
    const isVain = step.againUntil !== undefined && !account.begun.has(step.againUntil);
    if (done !== undefined && !isVain) {
      emit({ type: 'step-end', step: info, status: 'resumed', seconds: 0 });
      // It is what this step gave, in a journal of this version.
      const given: Gives = JSON.parse(JSON.stringify(done));
      return given;
    }
    const work = this.#work(info);
    const skipped = step.skip?.(state, work);
    if (skipped !== undefined) {
      emit({ type: 'step-end', step: info, status: 'skipped', seconds: 0 });
      return skipped;
    }
    for (;;) {
      try {
        return await this.#run(step, info, state, work);
      } catch (error) {
        if (error instanceof Unchanged || !(await this.#options.tryAgain(info, error))) throw error;
      }
    }
  }

  async #run<Needs, Gives extends object>(
    step: Step<Needs, Gives>,
    info: StepInfo,
    state: Needs,
    work: Work,
  ): Promise<Gives> {
    const { emit, journal, signal } = this.#options;
    if (signal.aborted) throw stopped(signal);
    journal.add({ type: 'begin', step: step.id });
    emit({ type: 'step-start', step: info });
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    try {
      const gives = await step.run(state, work);
      journal.add({ type: 'done', step: step.id, seconds: seconds(), gives });
      this.times.push({ ...info, seconds: seconds() });
      emit({ type: 'step-end', step: info, status: 'done', seconds: seconds() });
      return gives;
    } catch (thrown) {
      const error = signal.aborted ? stopped(signal) : asFault(thrown);
      const isUnchanged = error instanceof Unchanged;
      if (!isUnchanged) noteFailure(journal, step.id, error);
      emit({ type: 'step-end', step: info, status: isUnchanged ? 'done' : 'failed', seconds: seconds() });
      throw error;
    }
  }

  #work(step: StepInfo): Work {
    const { run, request, cloud, directory, journal, signal, tags, emit } = this.#options;
    const work: Work = {
      run,
      request,
      cloud,
      directory,
      signal,
      tags,
      progress: (text) => emit({ type: 'step-progress', step, text }),
      note: (text) => emit({ type: 'step-note', step, text }),
      warn: (message, hint) => emit({ type: 'warning', message, ...(hint !== undefined && { hint }) }),
      play: (event: PlayEvent) => emit({ type: 'play', step, event }),
      intend: (resource) => journal.add({ type: 'intend', step: step.id, resource }),
      made: (resource) => journal.add({ type: 'made', step: step.id, resource }),
      unmade: (resource) => journal.add({ type: 'removed', resource }),
      secrets: this.#secrets,
      witness: this.#witness,
      leaveMachines: () => this.close(),
      machine: (address) => this.#machine(address, () => work),
      things: (kind) => accountOf(journal.entries).left.flatMap(({ resource }) => known(resource, kind)),
    };
    return work;
  }

  #machine(address: Address, work: () => Work): Machine {
    const there = this.#machines.get(address.address);
    if (there) return there;
    const machine = new Machine(targetOf(address, work()), this.#options.signal);
    this.#machines.set(address.address, machine);
    return machine;
  }
}

function known({ kind, region, name, id }: Resource, wanted: ResourceKind): Required<Resource>[] {
  return kind === wanted && id !== undefined ? [{ kind, region, name, id }] : [];
}

/** Why a signal was aborted: a Fault that it was aborted with, else Ctrl-C. */
function stopped({ reason }: AbortSignal): Fault {
  return reason instanceof Fault ? reason : new Fault('interrupted', 'the bake was stopped');
}

/** The journal may be what has failed. */
function noteFailure(journal: Journal, step: string, error: unknown): void {
  const message = (faultsOf(error) ?? [error]).map((one) => (one instanceof Error ? one.message : String(one)));
  try {
    journal.add({ type: 'failed', step, message: message.join('\n') });
  } catch {
    // The failure itself is told.
  }
}
