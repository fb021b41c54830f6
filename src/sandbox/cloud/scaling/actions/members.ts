/** Instances of groups: those that a user moves, ends, or judges. */

import type {
  ActivityType,
  AttachInstancesQuery,
  AutoScalingInstancesType,
  DescribeAutoScalingInstancesType,
  DetachInstancesAnswer,
  DetachInstancesQuery,
  EnterStandbyAnswer,
  EnterStandbyQuery,
  ExitStandbyAnswer,
  ExitStandbyQuery,
  SetInstanceHealthQuery,
  SetInstanceProtectionQuery,
  TerminateInstanceInAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import type { Action, Actions, Context } from '../../action.ts';
import { only } from '../../only.ts';
import { atTime, beginActivity, shownActivity } from '../activities.ts';
import { findMember, findScalingGroup, membersNamed } from '../find-scaling-group.ts';
import type { MemberRecord, ScalingGroupRecord } from '../group-record.ts';
import { checkedSize } from '../group-settings.ts';
import { invalid } from '../invalid.ts';
import { type Leaving, leaveService } from '../leave-service.ts';
import { GROUP_TAG } from '../member-launch.ts';
import { changeMember } from '../members.ts';
import { pageOf } from '../page-of.ts';
import { groupArn, shownDetails } from '../shown-scaling-group.ts';

const describeInstances: Action<DescribeAutoScalingInstancesType, AutoScalingInstancesType> = (input, { region }) => {
  const { InstanceIds: ids = [], MaxRecords, NextToken } = input;
  const all = region.all('scalingGroups').flatMap((group) => group.members.map((member) => ({ group, member })));
  const named = ids.length === 0 ? all : all.filter(({ member }) => ids.includes(member.instanceId));
  const { items, next } = pageOf(named, MaxRecords, NextToken);
  const shown = items.map(({ group, member }) => shownDetails(member, group, region.seen));
  return { AutoScalingInstances: shown, ...next };
};

const terminateInstance: Action<TerminateInstanceInAutoScalingGroupType, ActivityType> = (input, context) => {
  only(input, ['InstanceId', 'ShouldDecrementDesiredCapacity', 'AutoScalingGroupName']);
  const { InstanceId = '', ShouldDecrementDesiredCapacity: decrement = false } = input;
  const { group, member } = findMember(context.region, InstanceId);
  if (member.state.startsWith('Terminating'))
    throw invalid(`Instance ${InstanceId} is not in a state that can be terminated: ${member.state}.`);
  const [id = ''] = leave(context, group, [member], { state: 'Terminating', decrement, request: 'terminated' });
  return { Activity: activity(context, group, id) };
};

interface Leave {
  readonly state: Leaving;
  readonly decrement: boolean;
  /** What the user asked for, as a past participle. */
  readonly request: string;
}

/** Answers with the ids of the activities. */
function leave(
  context: Context,
  group: ScalingGroupRecord,
  members: readonly MemberRecord[],
  { state, decrement, request }: Leave,
): readonly string[] {
  const { region, now } = context;
  if (decrement) {
    // What stands by is no part of the capacity already.
    const counted = members.filter((member) => member.state !== 'Standby').length;
    const desired = group.desired - counted;
    if (desired < group.min) {
      throw invalid(
        `AutoScalingGroup ${group.name} has min-size=${group.min}, max-size=${group.max}, and desired-size=${group.desired}. To place into standby, detach or terminate ${members.length} instances with decrement, the min-size must be lower.`,
      );
    }
    region.change('scalingGroups', group.id, (record) => ({ ...record, desired }));
  }
  const cause = `${atTime(now)} instances were ${request} in response to a user request${decrement ? `, shrinking the capacity from ${group.desired} to ${group.desired - members.length}` : ''}.`;
  return members.map((member) => leaveService(context, group, member, { state, cause }));
}

function activity({ region }: Context, group: ScalingGroupRecord, id: string) {
  const record = region.state.scalingActivities[id];
  return record === undefined ? undefined : shownActivity(record, region.state, groupArn(region.name, group));
}

const detach: Action<DetachInstancesQuery, DetachInstancesAnswer> = (input, context) => {
  const { AutoScalingGroupName, InstanceIds = [], ShouldDecrementDesiredCapacity: decrement = false } = input;
  const group = findScalingGroup(context.region, AutoScalingGroupName);
  const members = inStates(group, InstanceIds, ['InService', 'Standby']);
  const ids = leave(context, group, members, { state: 'Detaching', decrement, request: 'detached' });
  return { Activities: ids.flatMap((id) => activity(context, group, id) ?? []) };
};

const enterStandby: Action<EnterStandbyQuery, EnterStandbyAnswer> = (input, context) => {
  const { AutoScalingGroupName, InstanceIds = [], ShouldDecrementDesiredCapacity: decrement = false } = input;
  const group = findScalingGroup(context.region, AutoScalingGroupName);
  const members = inStates(group, InstanceIds, ['InService']);
  const ids = leave(context, group, members, { state: 'EnteringStandby', decrement, request: 'moved to standby' });
  return { Activities: ids.flatMap((id) => activity(context, group, id) ?? []) };
};

/** Throws the ApiError `ValidationError`. */
function inStates(
  group: ScalingGroupRecord,
  ids: readonly string[],
  states: readonly string[],
): readonly MemberRecord[] {
  const members = membersNamed(group, ids);
  const wrong = members.find(({ state }) => !states.includes(state));
  if (wrong === undefined) return members;
  throw invalid(`The instance ${wrong.instanceId} is not in ${states.join(' or ')}: it is ${wrong.state}.`);
}

const exitStandby: Action<ExitStandbyQuery, ExitStandbyAnswer> = (input, context) => {
  const { region, now } = context;
  const group = findScalingGroup(region, input.AutoScalingGroupName);
  const members = inStates(group, input.InstanceIds ?? [], ['Standby']);
  const desired = group.desired + members.length;
  checkedSize({ ...group, desired });
  region.change('scalingGroups', group.id, (record) => ({ ...record, desired }));
  const ids = members.map(({ instanceId }) => {
    const cause = `${atTime(now)} instance ${instanceId} was moved out of standby in response to a user request.`;
    const description = `Moving EC2 instance out of Standby: ${instanceId}`;
    const activityId = beginActivity(region, group, { description, cause, status: 'PreInService', now });
    changeMember(region, group.id, instanceId, (member) => ({ ...member, state: 'Pending', activityId }));
    return activityId;
  });
  return { Activities: ids.flatMap((id) => activity(context, group, id) ?? []) };
};

const attach: Action<AttachInstancesQuery, object> = ({ AutoScalingGroupName, InstanceIds = [] }, { region, now }) => {
  const group = findScalingGroup(region, AutoScalingGroupName);
  const all = region.all('scalingGroups');
  const instances = InstanceIds.map((id) => {
    const instance = region.seen.instances[id] === undefined ? undefined : region.state.instances[id];
    if (instance === undefined) throw invalid(`Invalid Instance ID(s): [${id}]. Instance not found.`);
    if (instance.state !== 'running')
      throw invalid(`Instance ${id} is not in correct state. Instance(s) must be in 'running' state.`);
    const owner = all.find(({ members }) => members.some(({ instanceId }) => instanceId === id));
    if (owner !== undefined) throw invalid(`Instance ${id} is already part of Auto Scaling group ${owner.name}.`);
    if (!group.zones.includes(instance.zone))
      throw invalid(`Instance ${id} is not in an Availability Zone of the group: ${instance.zone}.`);
    return instance;
  });
  const desired = group.desired + instances.length;
  checkedSize({ ...group, desired });
  region.change('scalingGroups', group.id, (record) => ({ ...record, desired }));
  for (const { id, type, zone } of instances) {
    const cause = `${atTime(now)} an instance was attached in response to a user request.`;
    const description = `Attaching an existing EC2 instance: ${id}`;
    const activityId = beginActivity(region, group, { description, cause, status: 'PreInService', now });
    const member: MemberRecord = {
      ...{ instanceId: id, state: 'Pending', isHealthy: true, isProtected: group.protectNew, type, zone },
      ...{ joinedAt: now, activityId, actions: [] },
    };
    region.change('scalingGroups', group.id, (record) => ({ ...record, members: [...record.members, member] }));
    region.change('instances', id, (record) => ({ ...record, tags: { ...record.tags, [GROUP_TAG]: group.name } }));
  }
  return {};
};

const setHealth: Action<SetInstanceHealthQuery, object> = (input, { region, now }) => {
  const { InstanceId = '', HealthStatus = '', ShouldRespectGracePeriod = true } = input;
  const { group, member } = findMember(region, InstanceId);
  const isHealthy = HealthStatus.toLowerCase() === 'healthy';
  if (!isHealthy && HealthStatus.toLowerCase() !== 'unhealthy') {
    throw invalid(`HealthStatus ${JSON.stringify(HealthStatus)} is not valid: it is Healthy or Unhealthy.`);
  }
  const inGrace = now - (member.inServiceAt ?? now) < group.grace * 1000;
  if (isHealthy || !inGrace || !ShouldRespectGracePeriod) {
    changeMember(region, group.id, InstanceId, (record) => ({ ...record, isHealthy }));
  }
  return {};
};

const setProtection: Action<SetInstanceProtectionQuery, object> = (input, { region }) => {
  const group = findScalingGroup(region, input.AutoScalingGroupName);
  const isProtected = input.ProtectedFromScaleIn === true;
  for (const { instanceId } of membersNamed(group, input.InstanceIds ?? [])) {
    changeMember(region, group.id, instanceId, (member) => ({ ...member, isProtected }));
  }
  return {};
};

export const MEMBER_ACTIONS: Actions = {
  DescribeAutoScalingInstances: describeInstances,
  TerminateInstanceInAutoScalingGroup: terminateInstance,
  AttachInstances: attach,
  DetachInstances: detach,
  EnterStandby: enterStandby,
  ExitStandby: exitStandby,
  SetInstanceHealth: setHealth,
  SetInstanceProtection: setProtection,
};
