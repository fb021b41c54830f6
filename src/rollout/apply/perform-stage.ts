/** Does the steps of a stage at the same time. */

import { Fault } from '../../fault.ts';
import { eachLimited } from '../../play/limit.ts';
import { type Stage, type Step, stepKey } from '../plan/plan.ts';
import { performStep } from './perform-step.ts';
import type { Performing } from './performing.ts';
import { unhealthy } from './verdict.ts';

/** Steps with calls of their own, of which so many are at work at the same time; all others wait or share their calls. */
const CALLING: ReadonlySet<Step['do']> = new Set([
  'launch',
  'restore',
  'stop',
  'detach-volumes',
  'attach-volumes',
  'update',
  'forget',
]);
const SIDE_BY_SIDE = 20;

/**
 * Throws what the first step threw that failed: waiting for others ends then, and calls under way are made to their end. Throws
 * the verdict where nothing is done for as long as the fleet's deadline for progress.
 */
export async function performStage({ steps }: Stage, performing: Performing): Promise<void> {
  const { ledger, signal } = performing;
  const done = new Set(ledger.rollout.done);
  const todo = steps.filter((step) => !done.has(stepKey(step)));
  const halt = new AbortController();
  const deadline = new Deadline(ledger.rollout.plan.fleet.strategy.progressDeadline, () => halt.abort());
  const both = AbortSignal.any([signal, halt.signal]);
  try {
    await eachLimited(todo, limitOf(steps), async (step) => {
      if (both.aborted) throw new Fault('interrupted', 'the rollout was stopped');
      try {
        await performStep(step, { ...performing, signal: both });
        deadline.touch();
      } catch (error) {
        halt.abort();
        throw error;
      }
    });
  } catch (error) {
    throw deadline.passed && !signal.aborted ? deadline.fault : error;
  } finally {
    deadline.close();
  }
}

function limitOf([first]: readonly Step[]): number {
  return first && CALLING.has(first.do) ? SIDE_BY_SIDE : Number.POSITIVE_INFINITY;
}

class Deadline {
  readonly #time: number;
  readonly #late: () => void;
  #timer: NodeJS.Timeout | undefined;
  passed = false;

  constructor(time: number, late: () => void) {
    this.#time = time;
    this.#late = late;
    this.touch();
  }

  /** Something was done. */
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.passed = true;
      this.#late();
    }, this.#time);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  get fault(): Fault {
    return unhealthy(`no step was done for ${Math.round(this.#time / 1000)} s`, {
      hint: 'strategy.progress_deadline says how long that may take',
    });
  }
}
