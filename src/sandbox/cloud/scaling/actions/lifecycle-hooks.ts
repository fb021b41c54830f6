/** Lifecycle hooks: who waits for whom when instances begin and end. */

import type {
  CompleteLifecycleActionType,
  DeleteLifecycleHookType,
  DescribeLifecycleHooksAnswer,
  DescribeLifecycleHooksType,
  DescribeLifecycleHookTypesAnswer,
  LifecycleHook,
  PutLifecycleHookType,
  RecordLifecycleActionHeartbeatType,
} from '@aws-sdk/client-auto-scaling';
import type { Action, Actions, Context } from '../../action.ts';
import { ApiError } from '../../protocol/api-error.ts';
import { findScalingGroup } from '../find-scaling-group.ts';
import type { LifecycleActionRecord, LifecycleHookRecord, ScalingGroupRecord } from '../group-record.ts';
import { invalid } from '../invalid.ts';
import { hookOf, resultOf, TRANSITIONS } from '../lifecycle-hook.ts';
import { changeMember, LONGEST_WAIT } from '../members.ts';

/** A group has no more. */
const MOST = 50;

const putHook: Action<PutLifecycleHookType, object> = (input, { region }) => {
  const group = findScalingGroup(region, input.AutoScalingGroupName);
  const before = group.hooks.find(({ name }) => name === input.LifecycleHookName);
  const hook = hookOf(input, before);
  const others = group.hooks.filter(({ name }) => name !== hook.name);
  if (others.length >= MOST)
    throw new ApiError('LimitExceeded', `The group ${group.name} has ${MOST} lifecycle hooks.`);
  region.change('scalingGroups', group.id, (record) => ({ ...record, hooks: [...others, hook] }));
  return {};
};

const describeHooks: Action<DescribeLifecycleHooksType, DescribeLifecycleHooksAnswer> = (input, { region }) => {
  const { AutoScalingGroupName, LifecycleHookNames: names = [] } = input;
  const { id } = findScalingGroup(region, AutoScalingGroupName);
  const group = region.seen.scalingGroups[id];
  const hooks = (group?.hooks ?? []).filter(({ name }) => names.length === 0 || names.includes(name));
  return { LifecycleHooks: hooks.map((hook) => shownHook(hook, AutoScalingGroupName)) };
};

function shownHook(hook: LifecycleHookRecord, AutoScalingGroupName: string | undefined): LifecycleHook {
  const { name, transition, heartbeat, defaultResult, metadata, target, role } = hook;
  return {
    LifecycleHookName: name,
    AutoScalingGroupName,
    LifecycleTransition: transition,
    HeartbeatTimeout: heartbeat,
    GlobalTimeout: Math.min(LONGEST_WAIT, 100 * heartbeat),
    DefaultResult: defaultResult,
    ...(metadata === undefined ? {} : { NotificationMetadata: metadata }),
    ...(target === undefined ? {} : { NotificationTargetARN: target }),
    ...(role === undefined ? {} : { RoleARN: role }),
  };
}

/** Instances that wait for it wait no longer. */
const deleteHook: Action<DeleteLifecycleHookType, object> = (
  { AutoScalingGroupName, LifecycleHookName },
  { region },
) => {
  const group = findScalingGroup(region, AutoScalingGroupName);
  const isMeant = ({ name }: LifecycleHookRecord) => name === LifecycleHookName;
  if (!group.hooks.some(isMeant)) throw invalid(`No Lifecycle Hook found with name ${LifecycleHookName}.`);
  region.change('scalingGroups', group.id, (record) => ({
    ...record,
    hooks: record.hooks.filter((hook) => !isMeant(hook)),
    members: record.members.map((member) => ({
      ...member,
      actions: member.actions.filter(({ hook }) => hook !== LifecycleHookName),
    })),
  }));
  return {};
};

const describeTypes: Action<object, DescribeLifecycleHookTypesAnswer> = () => ({
  LifecycleHookTypes: [...TRANSITIONS],
});

const complete: Action<CompleteLifecycleActionType, object> = (input, context) => {
  const result = resultOf(input.LifecycleActionResult ?? '');
  changeAction(context, input, (action) => ({ ...action, result }));
  return {};
};

const heartbeat: Action<RecordLifecycleActionHeartbeatType, object> = (input, context) => {
  changeAction(context, input, (action, { heartbeat: seconds }) => ({
    ...action,
    until: Math.min(action.latest, context.now + seconds * 1000),
  }));
  return {};
};

type ChangeAction = (action: LifecycleActionRecord, hook: LifecycleHookRecord) => LifecycleActionRecord;

function changeAction(
  { region }: Context,
  input: CompleteLifecycleActionType | RecordLifecycleActionHeartbeatType,
  change: ChangeAction,
): void {
  const { AutoScalingGroupName, LifecycleHookName, LifecycleActionToken: token, InstanceId } = input;
  const group = findScalingGroup(region, AutoScalingGroupName);
  const hook = group.hooks.find(({ name }) => name === LifecycleHookName);
  const isMeant = (action: LifecycleActionRecord, instanceId: string) =>
    action.hook === LifecycleHookName &&
    action.result === undefined &&
    (token === undefined ? instanceId === InstanceId : action.token === token);
  const found = waitingIn(group).find(({ action, instanceId }) => isMeant(action, instanceId));
  if (hook === undefined || found === undefined) {
    const whom = InstanceId === undefined ? `with token ${token ?? ''}` : `with instance ID ${InstanceId}`;
    throw invalid(`No active Lifecycle Action found ${whom}`);
  }
  changeMember(region, group.id, found.instanceId, (member) => ({
    ...member,
    actions: member.actions.map((action) => (action.token === found.action.token ? change(action, hook) : action)),
  }));
}

function waitingIn({ members }: ScalingGroupRecord) {
  return members.flatMap(({ instanceId, actions }) => actions.map((action) => ({ instanceId, action })));
}

export const LIFECYCLE_HOOK_ACTIONS: Actions = {
  PutLifecycleHook: putHook,
  DescribeLifecycleHooks: describeHooks,
  DeleteLifecycleHook: deleteHook,
  DescribeLifecycleHookTypes: describeTypes,
  CompleteLifecycleAction: complete,
  RecordLifecycleActionHeartbeat: heartbeat,
};
