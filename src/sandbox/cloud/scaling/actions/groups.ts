/** Auto Scaling groups: their making, changing, listing and end. */

import { randomUUID } from 'node:crypto';
import type {
  AutoScalingGroupNamesType,
  AutoScalingGroupsType,
  CreateAutoScalingGroupType,
  DeleteAutoScalingGroupType,
  SetDesiredCapacityType,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import type { Action, Actions, Context } from '../../action.ts';
import { type Facets, filtered, tagFacets } from '../../filters.ts';
import { only } from '../../only.ts';
import { ApiError } from '../../protocol/api-error.ts';
import { atTime } from '../activities.ts';
import { chosenTemplate, mustLaunch } from '../chosen-template.ts';
import { findScalingGroup } from '../find-scaling-group.ts';
import type { ScalingGroupRecord } from '../group-record.ts';
import { checkedSize, DEFAULTS, settingsOf } from '../group-settings.ts';
import { withTags } from '../group-tags.ts';
import { invalid } from '../invalid.ts';
import { hooksOf } from '../lifecycle-hook.ts';
import { isTerminating } from '../members.ts';
import { pageOf } from '../page-of.ts';
import { activeRefresh } from '../refresh-step.ts';
import { removeGroup } from '../remove-group.ts';
import { shownScalingGroup } from '../shown-scaling-group.ts';
import { mustBeTargetGroups } from '../target-groups.ts';
import { targetGroupsIn } from '../traffic-sources.ts';

const SETTINGS = [
  ...['AutoScalingGroupName', 'LaunchTemplate', 'MinSize', 'MaxSize', 'DesiredCapacity', 'DefaultCooldown'],
  ...['AvailabilityZones', 'HealthCheckType', 'HealthCheckGracePeriod', 'VPCZoneIdentifier', 'TerminationPolicies'],
  ...['NewInstancesProtectedFromScaleIn', 'Context', 'DefaultInstanceWarmup', 'InstanceMaintenancePolicy'],
];

const createGroup: Action<CreateAutoScalingGroupType, object> = (input, context) => {
  const { AutoScalingGroupName: name = '', LaunchTemplate, Tags, LifecycleHookSpecificationList: hooks = [] } = input;
  only(withoutPlain(input), [
    ...SETTINGS,
    'TargetGroupARNs',
    'TrafficSources',
    'Tags',
    'LifecycleHookSpecificationList',
  ]);
  if (name === '' || name.length > 255 || name.includes(':')) {
    throw invalid(`The name ${JSON.stringify(name)} is not valid: up to 255 characters, none of them a colon.`);
  }
  const { region, now } = context;
  if (Object.values(region.state.scalingGroups).some((group) => group.name === name)) {
    throw new ApiError(
      'AlreadyExists',
      `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
    );
  }
  if (LaunchTemplate === undefined) {
    throw invalid(
      'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
    );
  }
  const { MinSize: min = 0, MaxSize: max = 0 } = input;
  const size = checkedSize({ min, max, desired: input.DesiredCapacity ?? min });
  const targetGroupArns = targetGroupsIn(input);
  mustBeTargetGroups(region, targetGroupArns);
  const group: ScalingGroupRecord = {
    ...settingsOf(context, input, DEFAULTS),
    ...withTags({ tags: {}, propagated: [] }, Tags),
    ...size,
    id: randomUUID(),
    createdAt: now,
    name,
    template: chosenTemplate(context, LaunchTemplate),
    targetGroupArns,
    suspended: [],
    hooks: hooksOf(hooks),
    members: [],
    deleting: false,
    failures: 0,
    asked: `${atTime(now)} a user request created an AutoScalingGroup changing the desired capacity from 0 to ${size.desired}.  `,
  };
  mustLaunch(context, group);
  region.put('scalingGroups', group);
  return {};
};

/** What says only what is so anyway. */
function withoutPlain<T extends object>(input: T): object {
  const plain = (name: string, value: unknown) =>
    (name === 'MaxInstanceLifetime' && value === 0) ||
    (name === 'DeletionProtection' && value === 'none') ||
    (Array.isArray(value) && value.length === 0) ||
    (isObject(value) && PLAIN[name]?.includes(String(Object.values(value)[0])) === true);
  return Object.fromEntries(Object.entries(input).filter(([name, value]) => !plain(name, value)));
}

const PLAIN: Readonly<Record<string, readonly string[]>> = {
  AvailabilityZoneDistribution: ['balanced-best-effort'],
  CapacityReservationSpecification: ['default'],
  AvailabilityZoneImpairmentPolicy: ['false'],
};

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const updateGroup: Action<UpdateAutoScalingGroupType, object> = (input, context) => {
  only(withoutPlain(input), SETTINGS);
  const { region } = context;
  const group = living(context, input.AutoScalingGroupName);
  if (input.LaunchTemplate !== undefined && activeRefresh({ region, groupId: group.id })?.desired !== undefined) {
    throw invalid(
      'An active instance refresh with a desired configuration exists. All configuration options derived from the desired configuration are not available for update while the instance refresh is active.',
    );
  }
  const { MinSize: min = group.min, MaxSize: max = group.max } = input;
  const size = checkedSize({ min, max, desired: input.DesiredCapacity ?? Math.max(min, Math.min(max, group.desired)) });
  const template = input.LaunchTemplate === undefined ? group.template : chosenTemplate(context, input.LaunchTemplate);
  const { maintenance: _, warmup: __, context: ___, ...before } = group;
  const words = `a user request update of AutoScalingGroup constraints to min: ${size.min}, max: ${size.max}, desired: ${size.desired}`;
  const after = { ...before, ...settingsOf(context, input, group), ...size, template };
  if (input.LaunchTemplate !== undefined || input.VPCZoneIdentifier !== undefined) mustLaunch(context, after);
  region.change('scalingGroups', group.id, () => ({ ...after, ...asked(context, group, size.desired, words) }));
  return {};
};

/** The group, unless its end has begun. Throws the ApiError `ValidationError`. */
function living({ region }: Context, name: string | undefined): ScalingGroupRecord {
  const group = findScalingGroup(region, name);
  if (!group.deleting) return group;
  throw invalid(`You cannot perform this operation on AutoScalingGroup ${group.name}: it is pending deletion.`);
}

/** How activities name the change of the capacity, if it is one. A change tries again at once what failed before. */
function asked({ now }: Context, { desired: before, asked: said }: ScalingGroupRecord, desired: number, words: string) {
  const change = `${atTime(now)} ${words} changing the desired capacity from ${before} to ${desired}.  `;
  return { asked: before === desired ? said : change, failures: 0, retryAt: 0 };
}

const setDesired: Action<SetDesiredCapacityType, object> = (input, context) => {
  const { AutoScalingGroupName, DesiredCapacity: desired = 0, HonorCooldown } = input;
  const { region, now } = context;
  const group = living(context, AutoScalingGroupName);
  const above = `New SetDesiredCapacity value ${desired} is`;
  if (desired > group.max) throw invalid(`${above} above max value ${group.max} for the AutoScalingGroup.`);
  if (desired < group.min) throw invalid(`${above} below min value ${group.min} for the AutoScalingGroup.`);
  const coolsDown = group.scaledAt !== undefined && now - group.scaledAt < group.cooldown * 1000;
  if (HonorCooldown === true && coolsDown) {
    throw new ApiError(
      'ScalingActivityInProgress',
      `The cooldown of ${group.name} is not over: ${group.cooldown} seconds after its last scaling activity.`,
    );
  }
  const words = 'a user request explicitly set group desired capacity';
  region.change('scalingGroups', group.id, (record) => ({
    ...record,
    desired,
    ...asked(context, group, desired, words),
  }));
  return {};
};

const deleteGroup: Action<DeleteAutoScalingGroupType, object> = ({ AutoScalingGroupName, ForceDelete }, { region }) => {
  const { id, members } = findScalingGroup(region, AutoScalingGroupName);
  if (members.length > 0 && ForceDelete !== true) {
    if (members.every(isTerminating)) {
      throw new ApiError(
        'ScalingActivityInProgress',
        'You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.',
      );
    }
    throw new ApiError(
      'ResourceInUse',
      'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.',
    );
  }
  if (members.length === 0) removeGroup(region, id);
  else region.change('scalingGroups', id, (group) => ({ ...group, deleting: true, min: 0, max: 0, desired: 0 }));
  return {};
};

const FACETS: Facets<ScalingGroupRecord> = tagFacets(({ tags }) => tags);

const describeGroups: Action<AutoScalingGroupNamesType, AutoScalingGroupsType> = (input, { region }) => {
  const { AutoScalingGroupNames: names = [], Filters, MaxRecords, NextToken } = input;
  const all = [...region.all('scalingGroups')].sort((a, b) => (a.name < b.name ? -1 : 1));
  const named = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  const { items, next } = pageOf(filtered(named, Filters, FACETS), MaxRecords, NextToken);
  return { AutoScalingGroups: items.map((group) => shownScalingGroup(group, region.name, region.seen)), ...next };
};

export const SCALING_GROUP_ACTIONS: Actions = {
  CreateAutoScalingGroup: createGroup,
  UpdateAutoScalingGroup: updateGroup,
  SetDesiredCapacity: setDesired,
  DeleteAutoScalingGroup: deleteGroup,
  DescribeAutoScalingGroups: describeGroups,
};
