/** The instance refresh of a rollout: begun, found again, looked at until it ends, rolled back. */

import type { AutoScaling, InstanceRefresh, InstanceRefreshStatus } from '@aws-sdk/client-auto-scaling';
import { codeOf } from '../../cloud/cloud-error.ts';
import { Fault } from '../../fault.ts';
import type { Performing } from '../apply/performing.ts';
import { unhealthy } from '../apply/verdict.ts';
import type { FleetPlan } from '../plan/plan.ts';
import { choiceOf } from './ensure-group.ts';
import type { Version } from './ensure-version.ts';
import type { GroupView } from './group-view.ts';
import { groupName } from './names.ts';
import { preferencesOf } from './preferences.ts';
import { watchGroup } from './watching.ts';

const ENDED: readonly (InstanceRefreshStatus | undefined)[] = [
  ...(['Successful', 'Failed', 'Cancelled', 'RollbackFailed', 'RollbackSuccessful'] as const),
];

/** The newest first. */
async function refreshesOf(scaling: AutoScaling, fleet: string): Promise<readonly InstanceRefresh[]> {
  const answer = await scaling.describeInstanceRefreshes({ AutoScalingGroupName: groupName(fleet) });
  return answer.InstanceRefreshes ?? [];
}

/** The one that goes on now. */
export async function runningRefresh(scaling: AutoScaling, fleet: string): Promise<InstanceRefresh | undefined> {
  return (await refreshesOf(scaling, fleet)).find(({ Status }) => !ENDED.includes(Status));
}

/**
 * Begins it, or finds the one that an earlier process began, or that goes on to the same version anyway; answers with its id,
 * which stands in the state by then. Throws `rollout-open` where another one goes on.
 */
export async function startRefresh(performing: Performing, version: Version): Promise<string> {
  const { ledger, cloud } = performing;
  const { plan, begun } = ledger.rollout;
  const scaling = cloud.autoscaling();
  const all = await refreshesOf(scaling, plan.fleet.name);
  const noted = all.find(({ InstanceRefreshId }) => begun.includes(keyOf(InstanceRefreshId)));
  // One that somebody has cancelled is begun anew.
  if (noted?.InstanceRefreshId !== undefined && noted.Status !== 'Cancelled') return noted.InstanceRefreshId;
  const id = runningTo(version, all, plan) ?? (await begin(performing, version));
  await ledger.change((fleet) =>
    fleet.rollout ? { ...fleet, rollout: { ...fleet.rollout, begun: [...fleet.rollout.begun, keyOf(id)] } } : fleet,
  );
  return id;
}

/** In the journal. */
function keyOf(id: string | undefined): string {
  return `refresh ${id ?? ''}`;
}

async function begin({ ledger, cloud }: Performing, version: Version): Promise<string> {
  const { plan, direction } = ledger.rollout;
  const scaling = cloud.autoscaling();
  const way = { isBack: direction === 'back', hasHome: ledger.fleet.good !== undefined };
  const Preferences = {
    ...preferencesOf(plan.fleet, plan.amounts, way),
    // Where all are replaced, also those that only another subnet makes wrong.
    SkipMatching: plan.changes.some(({ action }) => action === 'no-op' || action === 'update'),
  };
  try {
    const { InstanceRefreshId = '' } = await scaling.startInstanceRefresh({
      AutoScalingGroupName: groupName(plan.fleet.name),
      DesiredConfiguration: { LaunchTemplate: choiceOf(version) },
      Preferences,
    });
    return InstanceRefreshId;
  } catch (error) {
    // The answer to our own call may have been lost, and the SDK has asked again.
    const isThere = /^InstanceRefreshInProgress/.test(codeOf(error));
    const ours = isThere ? runningTo(version, await refreshesOf(scaling, plan.fleet.name), plan) : undefined;
    if (ours === undefined) throw error;
    return ours;
  }
}

/** The one that goes on, if it goes on to that version. */
function runningTo(
  { templateId, number }: Version,
  all: readonly InstanceRefresh[],
  { fleet }: FleetPlan,
): string | undefined {
  const running = all.find(({ Status }) => !ENDED.includes(Status));
  if (running === undefined) return undefined;
  const { LaunchTemplateId, Version } = running.DesiredConfiguration?.LaunchTemplate ?? {};
  if (LaunchTemplateId === templateId && Version === String(number)) return running.InstanceRefreshId;
  const name = groupName(fleet.name);
  const message = `${name} is being refreshed by somebody else, to version ${Version ?? 'that it has'}`;
  throw new Fault('rollout-open', message, {
    hint: `wait for it, or end it: aws autoscaling cancel-instance-refresh --auto-scaling-group-name ${name}`,
  });
}

/** Throws the verdict when it fails, or was rolled back; `interrupted`; `cloud-lost` when somebody cancels it. */
export async function awaitRefresh(performing: Performing, view: GroupView, id: string): Promise<void> {
  const { ledger, cloud } = performing;
  const { name, strategy } = ledger.rollout.plan.fleet;
  const waits = new Waits(performing);
  await watchGroup(performing, view, async () => {
    const { InstanceRefreshes: [refresh] = [] } = await cloud
      .autoscaling()
      .describeInstanceRefreshes({ AutoScalingGroupName: groupName(name), InstanceRefreshIds: [id] });
    const { Status, StatusReason = '', PercentageComplete = 0, RollbackDetails } = refresh ?? {};
    const isCheckpoint = Status === 'InProgress' && /checkpoint/i.test(StatusReason);
    const pause: WaitStep = { do: 'checkpoint', percent: PercentageComplete, time: strategy.checkpointDelay };
    const bake: WaitStep = { do: 'bake', time: strategy.bakeTime };
    waits.see(isCheckpoint ? pause : Status === 'Baking' ? bake : undefined);
    if (Status === 'Failed') throw unhealthy(`the instance refresh failed: ${StatusReason}`);
    if (Status === 'Cancelled' || Status === 'Cancelling') {
      throw new Fault('cloud-lost', 'somebody has cancelled the instance refresh', {
        hint: '`rollout apply` begins it anew; `rollout rollback` goes back',
      });
    }
    if (Status?.startsWith('Rollback')) {
      throw unhealthy(`the instance refresh is rolled back: ${RollbackDetails?.RollbackReason ?? StatusReason}`);
    }
    const text = `${Status ?? 'not known yet'}, ${PercentageComplete} %${StatusReason === '' ? '' : `: ${StatusReason}`}`;
    const isPatient = isCheckpoint || Status === 'Baking';
    return { done: Status === 'Successful', text, progress: PercentageComplete, isPatient };
  });
}

/** Back to what the group had before: rolls back what goes on, and waits for its end. */
export async function undoRefresh(performing: Performing, view: GroupView): Promise<void> {
  const { ledger, cloud } = performing;
  const { name } = ledger.rollout.plan.fleet;
  const scaling = cloud.autoscaling();
  const running = await runningRefresh(scaling, name);
  if (running === undefined) return;
  if (running.Status !== 'Cancelling' && running.Status !== 'RollbackInProgress') await endRefresh(scaling, name);
  await watchGroup(performing, view, async () => {
    const now = await runningRefresh(scaling, name);
    const text = `${now?.Status ?? 'ended'}: ${now?.StatusReason ?? ''}`;
    return { done: now === undefined, text, progress: -(now?.PercentageComplete ?? 0), isPatient: false };
  });
}

/** Leaves everything as it is by now; what is rolled back already goes on doing so. */
export async function cancelRefresh(scaling: AutoScaling, fleet: string): Promise<void> {
  const running = await runningRefresh(scaling, fleet);
  if (running === undefined || running.Status === 'Cancelling' || running.Status === 'RollbackInProgress') return;
  await scaling.cancelInstanceRefresh({ AutoScalingGroupName: groupName(fleet) });
}

/** Rolled back where that can be, else cancelled. One that has ended meanwhile is no error. */
async function endRefresh(scaling: AutoScaling, fleet: string): Promise<void> {
  const AutoScalingGroupName = groupName(fleet);
  try {
    await scaling.rollbackInstanceRefresh({ AutoScalingGroupName });
  } catch (error) {
    if (/^ActiveInstanceRefreshNotFound/.test(codeOf(error))) return;
    if (!/^IrreversibleInstanceRefresh/.test(codeOf(error))) throw error;
    await scaling.cancelInstanceRefresh({ AutoScalingGroupName });
  }
}

/** Tells of checkpoints and of the bake time. */
class Waits {
  readonly #performing: Performing;
  #told: { readonly step: WaitStep; readonly since: number } | undefined;

  constructor(performing: Performing) {
    this.#performing = performing;
  }

  see(step: WaitStep | undefined): void {
    if (step?.do === this.#told?.step.do) return;
    const { emit, ledger } = this.#performing;
    const about = (of: WaitStep) => ({
      fleet: ledger.name,
      address: `fleet.${ledger.name}`,
      step: of,
      ids: [],
      deposed: false,
    });
    if (this.#told) {
      const seconds = (performance.now() - this.#told.since) / 1000;
      emit({ type: 'step-end', about: about(this.#told.step), status: 'done', seconds });
    }
    this.#told = step && { step, since: performance.now() };
    if (step) emit({ type: 'step-start', about: about(step) });
  }
}

type WaitStep =
  | { readonly do: 'checkpoint'; readonly percent: number; readonly time: number | undefined }
  | { readonly do: 'bake'; readonly time: number };
