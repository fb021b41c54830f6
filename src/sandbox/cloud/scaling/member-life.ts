/** The life of an instance in its group: one step at a time, by what its record says and what EC2 says of it. */

import { settle, transitionOf } from '../instance-life.ts';
import type { InstanceRecord } from '../instance-record.ts';
import { endActivity, noteActivity } from './activities.ts';
import type { MemberRecord, MemberState, ScalingGroupRecord, Transition } from './group-record.ts';
import { leaveService } from './leave-service.ts';
import { GROUP_TAG } from './member-launch.ts';
import { actionsOf, changeMember, removeMember } from './members.ts';
import { enterTargetGroups, targetHealth } from './target-groups.ts';
import { groupOf, type Work } from './work.ts';

type Step = (work: Work, group: ScalingGroupRecord, member: MemberRecord) => void;

/** What comes after each state; a step that changes nothing waits. */
const STEPS: Readonly<Record<MemberState, Step>> = {
  Pending: (work, group, member) => {
    const instance = work.region.state.instances[member.instanceId];
    if (instance?.state === 'running') return begun(work, group, member, LAUNCHING, 'Pending:Wait');
    if (instance?.state !== 'pending') failed(work, group, member, instance);
  },
  'Pending:Wait': (work, group, member) => waited(work, group, member, 'Pending:Proceed'),
  'Pending:Proceed': (work, group, member) => join(work, group, member),
  InService: () => {},
  Terminating: (work, group, member) => {
    if (drains(work, group, member)) return;
    begun(work, group, member, TERMINATING, 'Terminating:Wait');
  },
  'Terminating:Wait': (work, group, member) => waited(work, group, member, 'Terminating:Proceed'),
  'Terminating:Proceed': (work, group, member) => end(work, group, member),
  Detaching: (work, group, member) => {
    if (drains(work, group, member)) return;
    work.region.change('instances', member.instanceId, ({ tags: { [GROUP_TAG]: _, ...tags }, ...instance }) => {
      return { ...instance, tags };
    });
    removeMember(work.region, group.id, member.instanceId);
    endActivity(work.region, member.activityId, { status: 'Successful', now: work.now });
  },
  EnteringStandby: (work, group, member) => {
    if (drains(work, group, member)) return;
    changeMember(work.region, group.id, member.instanceId, ({ activityId: _, ...now }) => ({
      ...now,
      state: 'Standby',
    }));
    endActivity(work.region, member.activityId, { status: 'Successful', now: work.now });
  },
  Standby: () => {},
};

const LAUNCHING: Transition = 'autoscaling:EC2_INSTANCE_LAUNCHING';
const TERMINATING: Transition = 'autoscaling:EC2_INSTANCE_TERMINATING';

/** Brings every instance as far as it comes now. */
export function stepMembers(work: Work): void {
  for (const { instanceId } of groupOf(work)?.members ?? []) {
    for (let before: MemberState | undefined; ; ) {
      const group = groupOf(work);
      const member = group?.members.find((candidate) => candidate.instanceId === instanceId);
      if (group === undefined || member === undefined || member.state === before) break;
      before = member.state;
      STEPS[member.state](work, group, member);
    }
  }
}

/** Goes to wait for the hooks of the transition; where there are none it is past them at once. */
function begun(
  { region, now }: Work,
  group: ScalingGroupRecord,
  { instanceId, activityId }: MemberRecord,
  transition: Transition,
  state: 'Pending:Wait' | 'Terminating:Wait',
): void {
  // One that is off has nothing left to do before it goes.
  const isOn = region.state.instances[instanceId]?.state === 'running';
  const actions = isOn ? actionsOf(group, transition, now) : [];
  if (actions.length > 0) noteActivity(region, activityId, 'MidLifecycleAction', 60);
  changeMember(region, group.id, instanceId, (member) => ({ ...member, state, actions }));
}

function waited(
  work: Work,
  group: ScalingGroupRecord,
  member: MemberRecord,
  state: 'Pending:Proceed' | 'Terminating:Proceed',
): void {
  const { region, now } = work;
  const results = member.actions.map(({ hook, result, until }) => {
    const defaultResult = group.hooks.find(({ name }) => name === hook)?.defaultResult ?? 'CONTINUE';
    return result ?? (now >= until ? defaultResult : undefined);
  });
  const isAbandoned = results.includes('ABANDON');
  // Of instances that end, the first ABANDON ends the other hooks too.
  if (!isAbandoned && results.includes(undefined)) return;
  if (isAbandoned && state === 'Pending:Proceed') abandon(work, group, member);
  else changeMember(region, group.id, member.instanceId, (before) => ({ ...before, state, actions: [] }));
}

function abandon(work: Work, group: ScalingGroupRecord, member: MemberRecord): void {
  const { region, now } = work;
  const said = 'Lifecycle Action was abandoned: Lifecycle Action Completed with ABANDON Result';
  endActivity(region, member.activityId, {
    status: 'Cancelled',
    message: `Instance failed to complete user's ${said}`,
    now,
  });
  countFailure(work, group, said);
  const cause = 'an instance was taken out of service because its lifecycle action was abandoned.';
  leaveService(work, group, member, { state: 'Terminating', cause });
}

function join(work: Work, group: ScalingGroupRecord, member: MemberRecord): void {
  const { cloud, region, now } = work;
  const { instanceId, activityId } = member;
  const arns = group.suspended.includes('AddToLoadBalancer') ? [] : group.targetGroupArns;
  const [refusal] = enterTargetGroups(cloud, region, arns, instanceId);
  if (refusal !== undefined) {
    endActivity(region, activityId, { status: 'Failed', message: refusal.message, now });
    countFailure(work, group, refusal.message);
    const cause = `an instance was taken out of service because it could not be a target: ${refusal.message}`;
    leaveService(work, group, member, { state: 'Terminating', cause });
    return;
  }
  region.change('scalingGroups', group.id, ({ retryAt: _, failure: __, ...before }) => ({ ...before, failures: 0 }));
  changeMember(region, group.id, instanceId, ({ activityId: _, ...before }) => {
    return { ...before, state: 'InService', isHealthy: true, inServiceAt: now, actions: [] };
  });
  endActivity(region, activityId, { status: 'Successful', now });
}

/** Its launch did not succeed. */
function failed(
  work: Work,
  group: ScalingGroupRecord,
  member: MemberRecord,
  instance: InstanceRecord | undefined,
): void {
  const { region, now } = work;
  const message = instance?.reason?.message ?? `The instance ${member.instanceId} was terminated.`;
  endActivity(region, member.activityId, { status: 'Failed', message, now });
  countFailure(work, group, message);
  changeMember(region, group.id, member.instanceId, ({ activityId: _, ...before }) => ({
    ...before,
    state: 'Terminating:Proceed',
    isHealthy: false,
  }));
}

/** The next launch waits, longer with every failure: up to a minute. */
export function countFailure({ region, now }: Work, { id }: ScalingGroupRecord, message: string): void {
  region.change('scalingGroups', id, (group) => ({
    ...group,
    failures: group.failures + 1,
    failure: message,
    retryAt: now + Math.min(60_000, 1000 * 2 ** group.failures),
  }));
}

function drains({ region }: Work, group: ScalingGroupRecord, { instanceId, activityId }: MemberRecord): boolean {
  if (!targetHealth(region, group.targetGroupArns, instanceId).includes('draining')) return false;
  noteActivity(region, activityId, 'WaitingForELBConnectionDraining', 50);
  return true;
}

function end({ cloud, region, now }: Work, group: ScalingGroupRecord, member: MemberRecord): void {
  const { instanceId, activityId } = member;
  const instance = region.state.instances[instanceId];
  if (instance !== undefined && instance.state !== 'terminated') {
    if (instance.state === 'shutting-down') return;
    const reason = {
      code: 'Client.UserInitiatedShutdown',
      message: 'Client.UserInitiatedShutdown: User initiated shutdown',
    };
    region.change('instances', instanceId, (before) => {
      return { ...before, state: 'shutting-down', reason, transition: transitionOf(now) };
    });
    noteActivity(region, activityId, 'InProgress', 80);
    settle(cloud, region.name, instanceId);
    return;
  }
  removeMember(region, group.id, instanceId);
  endActivity(region, activityId, { status: 'Successful', now });
}
