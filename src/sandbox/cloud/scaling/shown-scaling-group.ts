/** Auto Scaling groups and their instances as the API shows them. */

import type {
  AutoScalingGroup,
  AutoScalingInstanceDetails,
  Instance,
  LaunchTemplateSpecification,
} from '@aws-sdk/client-auto-scaling';
import { instanceType } from '../instance-type.ts';
import { ACCOUNT, type RegionState } from '../state.ts';
import type { MemberRecord, ScalingGroupRecord, TemplateChoice } from './group-record.ts';
import { shownGroupTags } from './group-tags.ts';

export function groupArn(region: string, { id, name }: Pick<ScalingGroupRecord, 'id' | 'name'>): string {
  return `arn:aws:autoscaling:${region}:${ACCOUNT}:autoScalingGroup:${id}:autoScalingGroupName/${name}`;
}

export function shownScalingGroup(group: ScalingGroupRecord, region: string, state: RegionState): AutoScalingGroup {
  const { targetGroupArns, subnetIds, maintenance, warmup, context } = group;
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: groupArn(region, group),
    LaunchTemplate: shownTemplateChoice(group.template),
    MinSize: group.min,
    MaxSize: group.max,
    DesiredCapacity: group.desired,
    DefaultCooldown: group.cooldown,
    AvailabilityZones: [...group.zones],
    LoadBalancerNames: [],
    TargetGroupARNs: [...targetGroupArns],
    HealthCheckType: group.healthCheck,
    HealthCheckGracePeriod: group.grace,
    Instances: group.members.map((member) => shownMember(member, state)),
    CreatedTime: new Date(group.createdAt),
    SuspendedProcesses: group.suspended.map((ProcessName) => ({ ProcessName, SuspensionReason: 'User suspended' })),
    VPCZoneIdentifier: subnetIds.join(','),
    EnabledMetrics: [],
    ...(group.deleting ? { Status: 'Delete in progress' } : {}),
    Tags: shownGroupTags(group),
    TerminationPolicies: [...group.policies],
    NewInstancesProtectedFromScaleIn: group.protectNew,
    ServiceLinkedRoleARN: SERVICE_ROLE,
    TrafficSources: targetGroupArns.map((Identifier) => ({ Identifier, Type: 'elbv2' })),
    ...(context === undefined ? {} : { Context: context }),
    ...(warmup === undefined ? {} : { DefaultInstanceWarmup: warmup }),
    ...(maintenance === undefined
      ? {}
      : {
          InstanceMaintenancePolicy: {
            MinHealthyPercentage: maintenance.min,
            MaxHealthyPercentage: maintenance.max,
          },
        }),
    AvailabilityZoneDistribution: { CapacityDistributionStrategy: 'balanced-best-effort' },
    CapacityReservationSpecification: { CapacityReservationPreference: 'default' },
  };
}

const SERVICE_ROLE = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;

export function shownTemplateChoice({ id, name, version }: TemplateChoice): LaunchTemplateSpecification {
  return { LaunchTemplateId: id, LaunchTemplateName: name, Version: version };
}

function shownMember(member: MemberRecord, state: RegionState): Instance {
  const { instanceId, type, zone, isHealthy, isProtected, template } = member;
  const imageId = state.instances[instanceId]?.imageId;
  return {
    InstanceId: instanceId,
    InstanceType: instanceType(type),
    AvailabilityZone: zone,
    LifecycleState: member.state,
    HealthStatus: isHealthy ? 'Healthy' : 'Unhealthy',
    ...(template === undefined ? {} : { LaunchTemplate: shownTemplateChoice(template) }),
    ...(imageId === undefined ? {} : { ImageId: imageId }),
    ProtectedFromScaleIn: isProtected,
  };
}

export function shownDetails(
  member: MemberRecord,
  { name }: ScalingGroupRecord,
  state: RegionState,
): AutoScalingInstanceDetails {
  const shown = shownMember(member, state);
  return { ...shown, AutoScalingGroupName: name, HealthStatus: member.isHealthy ? 'HEALTHY' : 'UNHEALTHY' };
}
