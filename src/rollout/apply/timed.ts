/** Steps that wait for time: what serves is watched meanwhile. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../fault.ts';
import type { Step } from '../plan/plan.ts';
import type { Performing } from './performing.ts';
import { watcherOf } from './watcher.ts';
import type { SlotStep } from './work.ts';

export type TimedStep = Exclude<Step, SlotStep>;

/** A checkpoint that waits for the user. Nothing is wrong. */
export class AtCheckpoint extends Error {
  readonly percent: number;

  constructor(percent: number) {
    super(`the rollout waits at its checkpoint of ${percent} %`);
    this.percent = percent;
  }
}

/** One that was begun by an earlier process waits for what is left of its time. Throws the verdict, and `interrupted`. */
export async function performTimed(
  step: TimedStep,
  performing: Performing,
  progress: (text: string) => void,
): Promise<void> {
  const { ledger, signal } = performing;
  if (step.time === undefined) return;
  const { waitingSince, plan } = ledger.rollout;
  const begun = waitingSince === undefined ? Date.now() : Date.parse(waitingSince);
  const left = () => begun + (step.time ?? 0) - Date.now();
  const look = watcherOf(performing);
  let said: string | undefined;
  while (left() > 0) {
    const trouble = await look();
    if (trouble !== undefined && trouble !== said) progress(trouble);
    said = trouble;
    await sleep(Math.min(left(), plan.fleet.health.interval), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new Fault('interrupted', 'the rollout was stopped');
  }
}
