/** The target groups whose targets an Auto Scaling group's instances are. */

import type {
  AttachLoadBalancerTargetGroupsType,
  AttachTrafficSourcesType,
  DescribeLoadBalancersResponse,
  DescribeLoadBalancerTargetGroupsRequest,
  DescribeLoadBalancerTargetGroupsResponse,
  DescribeTrafficSourcesRequest,
  DescribeTrafficSourcesResponse,
  DetachLoadBalancerTargetGroupsType,
  DetachTrafficSourcesType,
} from '@aws-sdk/client-auto-scaling';
import type { Action, Actions, Context } from '../../action.ts';
import { only } from '../../only.ts';
import { findScalingGroup } from '../find-scaling-group.ts';
import { invalid } from '../invalid.ts';
import { pageOf } from '../page-of.ts';
import { enterTargetGroups, leaveTargetGroups, mustBeTargetGroups, targetHealth } from '../target-groups.ts';
import { targetGroupsIn } from '../traffic-sources.ts';

const attachGroups: Action<AttachLoadBalancerTargetGroupsType, object> = (input, context) => {
  return attached(context, input.AutoScalingGroupName, input.TargetGroupARNs ?? []);
};

const attachSources: Action<AttachTrafficSourcesType, object> = (input, context) => {
  only(input, ['AutoScalingGroupName', 'TrafficSources']);
  return attached(context, input.AutoScalingGroupName, targetGroupsIn(input));
};

function attached({ cloud, region }: Context, name: string | undefined, arns: readonly string[]): object {
  const group = findScalingGroup(region, name);
  mustBeTargetGroups(region, arns);
  const added = arns.filter((arn) => !group.targetGroupArns.includes(arn));
  region.change('scalingGroups', group.id, (record) => ({
    ...record,
    targetGroupArns: [...record.targetGroupArns, ...added],
  }));
  if (group.suspended.includes('AddToLoadBalancer')) return {};
  for (const { instanceId, state } of group.members) {
    if (state === 'InService') enterTargetGroups(cloud, region, added, instanceId);
  }
  return {};
}

const detachGroups: Action<DetachLoadBalancerTargetGroupsType, object> = (input, context) => {
  return detached(context, input.AutoScalingGroupName, input.TargetGroupARNs ?? []);
};

const detachSources: Action<DetachTrafficSourcesType, object> = (input, context) => {
  return detached(context, input.AutoScalingGroupName, targetGroupsIn(input));
};

function detached({ cloud, region }: Context, name: string | undefined, arns: readonly string[]): object {
  const group = findScalingGroup(region, name);
  const wrong = arns.find((arn) => !group.targetGroupArns.includes(arn));
  if (wrong !== undefined) throw invalid(`Trying to remove Target Groups that are not part of the group: ${wrong}`);
  region.change('scalingGroups', group.id, (record) => ({
    ...record,
    targetGroupArns: record.targetGroupArns.filter((arn) => !arns.includes(arn)),
  }));
  for (const { instanceId } of group.members) leaveTargetGroups(cloud, region, arns, instanceId);
  return {};
}

const describeGroups: Action<DescribeLoadBalancerTargetGroupsRequest, DescribeLoadBalancerTargetGroupsResponse> = (
  { AutoScalingGroupName, MaxRecords, NextToken },
  context,
) => {
  const { items, next } = pageOf(statesOf(context, AutoScalingGroupName), MaxRecords, NextToken);
  const shown = items.map(({ arn, state }) => ({ LoadBalancerTargetGroupARN: arn, State: state }));
  return { LoadBalancerTargetGroups: shown, ...next };
};

const describeSources: Action<DescribeTrafficSourcesRequest, DescribeTrafficSourcesResponse> = (input, context) => {
  const { AutoScalingGroupName, TrafficSourceType: type = 'elbv2', MaxRecords, NextToken } = input;
  const all = type === 'elbv2' ? statesOf(context, AutoScalingGroupName) : [];
  const { items, next } = pageOf(all, MaxRecords, NextToken);
  const shown = items.map(({ arn, state }) => {
    return { TrafficSource: arn, Identifier: arn, State: state, Type: 'elbv2' };
  });
  return { TrafficSources: shown, ...next };
};

/** `InService` when an instance is healthy there, `Added` when all are registered. */
function statesOf({ region }: Context, name: string | undefined) {
  const { targetGroupArns, members } = findScalingGroup(region, name);
  return targetGroupArns.map((arn) => {
    const states = members.flatMap(({ instanceId }) => targetHealth(region, [arn], instanceId));
    return { arn, state: states.includes('healthy') ? 'InService' : 'Added' };
  });
}

const describeClassic: Action<object, DescribeLoadBalancersResponse> = () => ({ LoadBalancers: [] });

export const TRAFFIC_SOURCE_ACTIONS: Actions = {
  AttachLoadBalancerTargetGroups: attachGroups,
  DetachLoadBalancerTargetGroups: detachGroups,
  DescribeLoadBalancerTargetGroups: describeGroups,
  AttachTrafficSources: attachSources,
  DetachTrafficSources: detachSources,
  DescribeTrafficSources: describeSources,
  DescribeLoadBalancers: describeClassic,
};
