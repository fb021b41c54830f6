/** What a group does by itself, and what it did. */

import type {
  ActivitiesType,
  DescribeAccountLimitsAnswer,
  DescribeScalingActivitiesType,
  DescribeTerminationPolicyTypesAnswer,
  ProcessesType,
  ScalingProcessQuery,
} from '@aws-sdk/client-auto-scaling';
import type { Action, Actions, Context } from '../../action.ts';
import { only } from '../../only.ts';
import { shownActivity } from '../activities.ts';
import type { ScalingActivityRecord } from '../activity-record.ts';
import { findScalingGroup } from '../find-scaling-group.ts';
import { invalid } from '../invalid.ts';
import { pageOf } from '../page-of.ts';
import { groupArn } from '../shown-scaling-group.ts';
import { POLICIES } from '../termination-policy.ts';

const PROCESSES: readonly string[] = [
  ...['AZRebalance', 'AddToLoadBalancer', 'AlarmNotification', 'HealthCheck', 'InstanceRefresh', 'Launch'],
  ...['ReplaceUnhealthy', 'ScheduledActions', 'Terminate'],
];

const suspend: Action<ScalingProcessQuery, object> = (input, context) => {
  return change(context, input, (before, named) => [...new Set([...before, ...named])].sort());
};

const resume: Action<ScalingProcessQuery, object> = (input, context) => {
  return change(context, input, (before, named) => before.filter((name) => !named.includes(name)));
};

type Change = (before: readonly string[], named: readonly string[]) => readonly string[];

/** Without names all processes are meant. */
function change(
  { region }: Context,
  { AutoScalingGroupName, ScalingProcesses = [] }: ScalingProcessQuery,
  by: Change,
): object {
  const group = findScalingGroup(region, AutoScalingGroupName);
  const unknown = ScalingProcesses.find((name) => !PROCESSES.includes(name));
  if (unknown !== undefined)
    throw invalid(`ScalingProcesses : [${unknown}] is not a valid process: ${PROCESSES.join(', ')}.`);
  const named = ScalingProcesses.length === 0 ? PROCESSES : ScalingProcesses;
  region.change('scalingGroups', group.id, (record) => ({ ...record, suspended: by(record.suspended, named) }));
  return {};
}

const describeActivities: Action<DescribeScalingActivitiesType, ActivitiesType> = (input, { region }) => {
  only(input, ['ActivityIds', 'AutoScalingGroupName', 'IncludeDeletedGroups', 'MaxRecords', 'NextToken']);
  const { ActivityIds: ids = [], AutoScalingGroupName: name, IncludeDeletedGroups, MaxRecords, NextToken } = input;
  const isGone = ({ groupId }: ScalingActivityRecord) => region.seen.scalingGroups[groupId] === undefined;
  const all = [...region.all('scalingActivities')].reverse().filter((activity) => {
    if (ids.length > 0 && !ids.includes(activity.id)) return false;
    if (name !== undefined && activity.groupName !== name) return false;
    return IncludeDeletedGroups === true || !isGone(activity);
  });
  const { items, next } = pageOf(all, MaxRecords, NextToken);
  const shown = items.map((activity) => {
    const arn = groupArn(region.name, { id: activity.groupId, name: activity.groupName });
    return shownActivity(activity, region.seen, arn);
  });
  return { Activities: shown, ...next };
};

const describeProcesses: Action<object, ProcessesType> = () => ({
  Processes: PROCESSES.map((ProcessName) => ({ ProcessName })),
});

const describePolicies: Action<object, DescribeTerminationPolicyTypesAnswer> = () => ({
  TerminationPolicyTypes: [...POLICIES],
});

const describeLimits: Action<object, DescribeAccountLimitsAnswer> = (_, { region }) => ({
  MaxNumberOfAutoScalingGroups: 500,
  MaxNumberOfLaunchConfigurations: 200,
  NumberOfAutoScalingGroups: region.all('scalingGroups').length,
  NumberOfLaunchConfigurations: 0,
});

export const PROCESS_ACTIONS: Actions = {
  SuspendProcesses: suspend,
  ResumeProcesses: resume,
  DescribeScalingActivities: describeActivities,
  DescribeScalingProcessTypes: describeProcesses,
  DescribeTerminationPolicyTypes: describePolicies,
  DescribeAccountLimits: describeLimits,
};
