/** The group as the fleet has it: made, or brought to it. What its instances are made of is for a refresh to change. */

import type { AutoScaling, AutoScalingGroup, CreateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import { FLEET_TAG } from '../apply/tags.ts';
import type { FleetPlan } from '../plan/plan.ts';
import type { Settings } from '../settings.ts';
import type { Version } from './ensure-version.ts';
import { groupName } from './names.ts';
import { boundsOf, graceOf } from './preferences.ts';

export interface GroupWish {
  readonly plan: FleetPlan;
  readonly settings: Settings;
}

/** Where its instances are, and who judges them. */
function placeOf({ plan, settings }: GroupWish, subnets: readonly string[]) {
  return {
    VPCZoneIdentifier: subnets.join(','),
    HealthCheckType: settings.targetGroupArns.length > 0 ? 'ELB' : 'EC2',
    HealthCheckGracePeriod: graceOf(plan.fleet),
  };
}

function sizeOf({ amounts: { count, surge } }: FleetPlan) {
  return { MinSize: count, MaxSize: count + surge, DesiredCapacity: count };
}

export async function createGroup(
  scaling: AutoScaling,
  wish: GroupWish,
  subnets: readonly string[],
  version: Version,
): Promise<void> {
  const { plan, settings } = wish;
  const fleet = plan.fleet.name;
  const input: CreateAutoScalingGroupType = {
    AutoScalingGroupName: groupName(fleet),
    LaunchTemplate: choiceOf(version),
    ...sizeOf(plan),
    ...placeOf(wish, subnets),
    TargetGroupARNs: [...settings.targetGroupArns],
    InstanceMaintenancePolicy: boundsOf(plan.amounts),
    Tags: [{ Key: FLEET_TAG, Value: fleet, PropagateAtLaunch: false }],
  };
  await scaling.createAutoScalingGroup(input);
}

export function choiceOf({ templateId, number }: Version) {
  return { LaunchTemplateId: templateId, Version: String(number) };
}

/** All but its size and its template. */
export async function placeGroup(
  scaling: AutoScaling,
  group: AutoScalingGroup,
  wish: GroupWish,
  subnets: readonly string[],
): Promise<void> {
  const AutoScalingGroupName = group.AutoScalingGroupName ?? '';
  const { TargetGroupARNs: had = [] } = group;
  const wanted = wish.settings.targetGroupArns;
  const come = wanted.filter((arn) => !had.includes(arn));
  const go = had.filter((arn) => !wanted.includes(arn));
  if (come.length > 0) {
    await scaling.attachLoadBalancerTargetGroups({ AutoScalingGroupName, TargetGroupARNs: [...come] });
  }
  if (go.length > 0) await scaling.detachLoadBalancerTargetGroups({ AutoScalingGroupName, TargetGroupARNs: go });
  await scaling.updateAutoScalingGroup({
    AutoScalingGroupName,
    ...placeOf(wish, subnets),
    InstanceMaintenancePolicy: boundsOf(wish.plan.amounts),
  });
}

/** @param version what it launches from now on; undefined: what it launches anyway */
export async function sizeGroup(scaling: AutoScaling, plan: FleetPlan, version: Version | undefined): Promise<void> {
  await scaling.updateAutoScalingGroup({
    AutoScalingGroupName: groupName(plan.fleet.name),
    ...sizeOf(plan),
    ...(version && { LaunchTemplate: choiceOf(version) }),
  });
}
