/** Does what a plan says to a fleet that an Auto Scaling group keeps; called again, it goes on where that is. */

import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Performing } from '../apply/performing.ts';
import { isVerdict } from '../apply/verdict.ts';
import type { FleetPlan } from '../plan/plan.ts';
import type { Settings } from '../settings.ts';
import type { FleetState } from '../state/state.ts';
import { awaitSettled } from './await-settled.ts';
import { describeGroup } from './describe-group.ts';
import { destroyGroup } from './destroy-group.ts';
import { createGroup, placeGroup, sizeGroup } from './ensure-group.ts';
import { ensureVersion, type Version } from './ensure-version.ts';
import { GroupView } from './group-view.ts';
import { isLeaving } from './look-at-group.ts';
import { groupName } from './names.ts';
import { awaitRefresh, cancelRefresh, startRefresh, undoRefresh } from './refresh.ts';
import { updateMembers } from './update-members.ts';

/** Throws the verdict (`rollout-unhealthy`), `interrupted`, and Faults of the cloud and the state. */
export async function performGroup(performing: Performing): Promise<void> {
  const { ledger, emit } = performing;
  const { plan, direction } = ledger.rollout;
  const view = new GroupView(plan, emit);
  try {
    tellBatch(performing, plan);
    if (direction === 'back') await undoRefresh(performing, view);
    if (plan.to === undefined) {
      await destroyGroup(performing, view);
      await ledger.change(({ group: _, ...fleet }) => ({ ...fleet, slots: {} }));
    } else await bring(performing, view, plan);
  } catch (error) {
    if (isVerdict(error) && !hasWayBack(ledger)) await cancelRefresh(performing.cloud.autoscaling(), plan.fleet.name);
    throw error;
  } finally {
    view.stop();
  }
}

/** Else all is left as it is when the verdict is bad, and nothing may go on by itself. */
function hasWayBack({ rollout, fleet }: Performing['ledger']): boolean {
  return rollout.direction === 'forward' && rollout.plan.fleet.strategy.autoRollback && fleet.good !== undefined;
}

function tellBatch({ ledger, emit }: Performing, { changes, promise }: FleetPlan): void {
  const slots = changes.filter(({ action }) => action !== 'no-op').map(({ slot }) => slot);
  emit({ type: 'batch-start', fleet: ledger.name, number: 1, of: 1, kind: 'all', slots, ...promise });
}

async function bring(performing: Performing, view: GroupView, plan: FleetPlan): Promise<void> {
  const { ledger, cloud } = performing;
  const settings = plan.changes.find(({ after }) => after)?.after;
  if (settings === undefined) throw new Error('a plan to an image has an instance of it');
  const scaling = cloud.autoscaling();
  const { name } = plan.fleet;
  const version = await ensureVersion(cloud, { fleet: name, rollout: plan.rollout, settings });
  const subnets = subnetsOf(plan);
  const group = await describeGroup(scaling, name);
  view.see(group?.Instances ?? []);
  if (group === undefined) await createGroup(scaling, { plan, settings }, subnets, version);
  else {
    await placeGroup(scaling, group, { plan, settings }, subnets);
    const isSmaller = (group.DesiredCapacity ?? 0) > plan.amounts.count;
    if (isSmaller) await sizeGroup(scaling, plan, undefined);
    if (hasOld(group, plan) || ledger.rollout.begun.some((key) => key.startsWith('refresh '))) {
      const id = await startRefresh(performing, version);
      // What is launched from now on is of the new version, and the group's own follows when the refresh is over.
      await sizeGroup(scaling, plan, undefined);
      await awaitRefresh(performing, view, id);
    } else await sizeGroup(scaling, plan, version);
  }
  await awaitSettled(performing, view, settings.targetGroupArns);
  await updateMembers(cloud, plan);
  const there = await describeGroup(scaling, name);
  await ledger.change((fleet) => settledIn(fleet, { group: there, view, version, settings, plan }));
}

/** Those of the configuration, or those in which instances are to be. */
function subnetsOf({ fleet, changes }: FleetPlan): readonly string[] {
  if (fleet.subnets.length > 0) return fleet.subnets;
  return [...new Set(changes.flatMap(({ after }) => after?.subnetId || []))];
}

/** Whether one is there still that the plan replaces. */
function hasOld({ Instances = [] }: AutoScalingGroup, { changes }: FleetPlan): boolean {
  const replaced = changes.flatMap(({ action, id }) => (action === 'replace' && id !== undefined ? [id] : []));
  return Instances.some((instance) => replaced.includes(instance.InstanceId ?? '') && !isLeaving(instance));
}

interface Settled {
  readonly group: AutoScalingGroup | undefined;
  readonly view: GroupView;
  readonly version: Version;
  readonly settings: Settings;
  readonly plan: FleetPlan;
}

/** The instances of the group are the slots of the fleet. */
function settledIn(fleet: FleetState, { group, view, version, settings, plan }: Settled): FleetState {
  const slots = (group?.Instances ?? []).map(({ InstanceId: id = '' }, index) => {
    const slot = view.slotOf(id) ?? index;
    const after = plan.changes.find((change) => change.slot === slot)?.after ?? settings;
    const current = { token: '', id, settings: after, inService: true };
    return [String(slot), { current, deposed: [], volumes: {} }] as const;
  });
  const { templateId: launchTemplateId, number: launchTemplateVersion } = version;
  return {
    ...fleet,
    slots: Object.fromEntries(slots),
    group: { name: groupName(plan.fleet.name), launchTemplateId, launchTemplateVersion },
  };
}
