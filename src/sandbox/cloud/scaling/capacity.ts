/** Brings a group to the number of instances that it shall have: launches what lacks, ends what is too much. */

import { settle } from '../instance-life.ts';
import { ApiError } from '../protocol/api-error.ts';
import { atTime, beginActivity, endActivity } from './activities.ts';
import type { MemberRecord, TemplateChoice } from './group-record.ts';
import { leaveService } from './leave-service.ts';
import { memberLaunch } from './member-launch.ts';
import { countFailure } from './member-life.ts';
import { isCounted } from './members.ts';
import { contextOf } from './scaling-context.ts';
import { firstToGo } from './termination-policy.ts';
import { groupOf, type Work } from './work.ts';

export interface Wanted {
  readonly count: number;
  /** What new instances are launched from. */
  readonly template: TemplateChoice;
  /** The mark of the refresh that they are launched for. */
  readonly launchedBy: string | undefined;
}

export function keepCapacity(work: Work, wanted: Wanted): void {
  const group = groupOf(work);
  if (group === undefined) return;
  const missing = wanted.count - group.members.filter(isCounted).length;
  if (missing > 0) launchAll(work, wanted, missing);
  if (missing < 0) endSome(work, wanted, -missing);
  // What was asked for is done: what comes next has other causes.
  if (missing === 0 && group.asked !== '') {
    work.region.change('scalingGroups', group.id, (record) => ({ ...record, asked: '' }));
  }
}

function launchAll(work: Work, wanted: Wanted, missing: number): void {
  const { suspended, retryAt } = groupOf(work) ?? {};
  if (suspended?.includes('Launch') || (retryAt !== undefined && work.now < retryAt)) return;
  for (let left = missing; left > 0; left -= 1) if (!launchOne(work, wanted)) return;
}

/** Answers whether it could. */
function launchOne(work: Work, { template: choice, launchedBy }: Wanted): boolean {
  const { cloud, region, now, taken } = work;
  const group = groupOf(work);
  if (group === undefined) return false;
  const before = group.members.filter(isCounted).length;
  const why =
    launchedBy === undefined
      ? `a difference between desired and actual capacity, increasing the capacity from ${before} to ${before + 1}.`
      : 'an instance refresh.';
  const cause = `${group.asked}${atTime(now)} an instance was started in response to ${why}`;
  try {
    const { launch, template } = memberLaunch(contextOf(work), group, choice, taken);
    const { instance, volumes } = launch;
    const details = { 'Subnet ID': instance.subnetId, 'Availability Zone': instance.zone };
    const description = `Launching a new EC2 instance: ${instance.id}`;
    const activityId = beginActivity(region, group, { description, cause, details, status: 'PreInService', now });
    const member: MemberRecord = {
      instanceId: instance.id,
      state: 'Pending',
      isHealthy: true,
      isProtected: group.protectNew,
      template,
      type: instance.type,
      zone: instance.zone,
      joinedAt: now,
      activityId,
      actions: [],
      ...(launchedBy === undefined ? {} : { launchedBy }),
    };
    // The instance and its place in the group are one change: no server that is killed can leave one without the other.
    region.update((state) => ({
      ...state,
      instances: { ...state.instances, [instance.id]: instance },
      volumes: { ...state.volumes, ...Object.fromEntries(volumes.map((volume) => [volume.id, volume])) },
      scalingGroups: {
        ...state.scalingGroups,
        [group.id]: { ...group, members: [...group.members, member], scaledAt: now },
      },
    }));
    settle(cloud, region.name, instance.id);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const message = `${error.message} Launching EC2 instance failed.`;
    const id = beginActivity(region, group, { description: 'Launching a new EC2 instance', cause, now });
    endActivity(region, id, { status: 'Failed', message, now });
    countFailure(work, group, message);
    return false;
  }
}

function endSome(work: Work, { template }: Wanted, excess: number): void {
  for (let left = excess; left > 0; left -= 1) {
    const group = groupOf(work);
    if (group === undefined || group.suspended.includes('Terminate')) return;
    const all = group.members.filter(isCounted);
    const candidates = all.filter(({ isProtected }) => !isProtected || group.deleting);
    const { now, region } = work;
    const first = firstToGo(region.state, group, candidates, { current: template, now, all });
    if (first === undefined) return;
    const shrunk = `${atTime(now)} an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${all.length} to ${all.length - 1}.`;
    const chosen = `${atTime(now)} instance ${first.instanceId} was selected for termination.`;
    const cause = `${group.asked}${shrunk}  ${chosen}`;
    leaveService(work, group, first, { state: 'Terminating', cause });
    region.change('scalingGroups', group.id, (record) => ({ ...record, scaledAt: now }));
  }
}
