/** Looks at a group again and again, until something is so; tells what happens to its instances meanwhile. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { isPassing } from '../../cloud/cloud-error.ts';
import { Fault } from '../../fault.ts';
import type { Performing } from '../apply/performing.ts';
import { unhealthy } from '../apply/verdict.ts';
import { describeGroup } from './describe-group.ts';
import type { GroupView } from './group-view.ts';
import { groupName } from './names.ts';

export interface Glance {
  /** What was waited for is so. */
  readonly done: boolean;
  /** For people: what it waits for. */
  readonly text: string;
  /** Higher than ever before: there is progress. What comes and goes again is none. */
  readonly progress: number;
  /** It waits for time, so that no progress is no failure. */
  readonly isPatient: boolean;
}

/** How long the cloud may fail to answer; milliseconds. */
const SILENCE = 120_000;

/**
 * Throws the verdict when there is no progress for as long as the fleet gives it, `interrupted`, and what `glance` throws;
 * errors that pass are waited out for two minutes.
 */
export async function watchGroup(
  { ledger, cloud, signal }: Performing,
  view: GroupView,
  glance: (group: AutoScalingGroup | undefined) => Promise<Glance>,
): Promise<void> {
  const { fleet } = ledger.rollout.plan;
  const { progressDeadline } = fleet.strategy;
  let best = Number.NEGATIVE_INFINITY;
  let moved = Date.now();
  let answered = Date.now();
  for (let pause = Math.min(250, fleet.health.interval); ; pause = Math.min(5000, pause * 1.5)) {
    if (signal.aborted)
      throw new Fault('interrupted', 'the rollout was stopped; what the Auto Scaling group does goes on');
    try {
      const group = await describeGroup(cloud.autoscaling(), fleet.name);
      view.see(group?.Instances ?? []);
      const { done, text, progress, isPatient } = await glance(group);
      answered = Date.now();
      if (done) return;
      view.progress(text);
      if (progress > best || isPatient) moved = Date.now();
      best = Math.max(best, progress);
      if (Date.now() - moved >= progressDeadline) {
        const failure = await lastFailure(cloud, fleet.name);
        throw unhealthy(`nothing has moved for ${Math.round(progressDeadline / 1000)} s: ${text}${failure}`, {
          hint: 'strategy.progress_deadline says how long it may take',
        });
      }
    } catch (error) {
      if (!isPassing(error) || Date.now() - answered > SILENCE) throw error;
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** Why the group could not launch, when that is what it tried last. */
async function lastFailure(cloud: Performing['cloud'], fleet: string): Promise<string> {
  const answer = await cloud
    .autoscaling()
    .describeScalingActivities({ AutoScalingGroupName: groupName(fleet), MaxRecords: 5 })
    .catch(() => ({ Activities: [] }));
  const failed = answer.Activities?.find(({ StatusCode }) => StatusCode === 'Failed');
  return failed?.StatusMessage === undefined ? '' : ` (${failed.StatusMessage})`;
}
