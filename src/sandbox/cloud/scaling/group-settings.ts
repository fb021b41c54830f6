/** What calls say of a group, checked: the same for a new one and for one that is changed. */

import type {
  CreateAutoScalingGroupType,
  InstanceMaintenancePolicy,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import type { Context } from '../action.ts';
import { zonesOf } from '../regions.ts';
import type { HealthyRange, ScalingGroupRecord } from './group-record.ts';
import { invalid, within } from './invalid.ts';
import { POLICIES } from './termination-policy.ts';

type Said = CreateAutoScalingGroupType | UpdateAutoScalingGroupType;

type Settings = Pick<
  ScalingGroupRecord,
  | 'cooldown'
  | 'grace'
  | 'healthCheck'
  | 'policies'
  | 'protectNew'
  | 'subnetIds'
  | 'zones'
  | 'maintenance'
  | 'warmup'
  | 'context'
>;

export const DEFAULTS: Settings = {
  cooldown: 300,
  grace: 0,
  healthCheck: 'EC2',
  policies: ['Default'],
  protectNew: false,
  subnetIds: [],
  zones: [],
};

/** `before` with what the call says. Throws the ApiError `ValidationError`. */
export function settingsOf(context: Context, said: Said, before: Settings): Settings {
  within('DefaultCooldown', said.DefaultCooldown, 0, 1_000_000);
  within('HealthCheckGracePeriod', said.HealthCheckGracePeriod, 0, 1_000_000);
  within('DefaultInstanceWarmup', said.DefaultInstanceWarmup, -1, 1_000_000);
  const { maintenance, warmup: _, ...rest } = before;
  const warmup = said.DefaultInstanceWarmup ?? before.warmup ?? -1;
  const range = said.InstanceMaintenancePolicy === undefined ? maintenance : rangeOf(said.InstanceMaintenancePolicy);
  return {
    ...rest,
    cooldown: said.DefaultCooldown ?? before.cooldown,
    grace: said.HealthCheckGracePeriod ?? before.grace,
    healthCheck: healthCheckOf(said.HealthCheckType, before.healthCheck),
    policies: policiesOf(said.TerminationPolicies, before.policies),
    protectNew: said.NewInstancesProtectedFromScaleIn ?? before.protectNew,
    ...placesOf(context, said, before),
    ...(range === undefined ? {} : { maintenance: range }),
    ...(warmup < 0 ? {} : { warmup }),
    ...(said.Context === undefined ? {} : { context: said.Context }),
  };
}

/** Both are -1 where a policy is taken away. */
function rangeOf({ MinHealthyPercentage: min, MaxHealthyPercentage: max }: InstanceMaintenancePolicy) {
  if (min === -1 && max === -1) return undefined;
  if (min === undefined || max === undefined) {
    throw invalid('MinHealthyPercentage and MaxHealthyPercentage of an instance maintenance policy go together.');
  }
  return checkedRange({ min, max });
}

/** Throws the ApiError `ValidationError`. */
export function checkedRange(range: HealthyRange): HealthyRange {
  const { min, max } = range;
  within('MinHealthyPercentage', min, 0, 100);
  within('MaxHealthyPercentage', max, 100, 200);
  if (max - min <= 100) return range;
  throw invalid('The difference between MinHealthyPercentage and MaxHealthyPercentage cannot be greater than 100.');
}

function healthCheckOf(type: string | undefined, before: Settings['healthCheck']): Settings['healthCheck'] {
  if (type === undefined || type === '') return before;
  if (type === 'EC2' || type === 'ELB') return type;
  throw invalid(`The sandbox does not have the health check ${JSON.stringify(type)}: it has EC2 and ELB.`);
}

function policiesOf(names: readonly string[] | undefined, before: readonly string[]): readonly string[] {
  if (names === undefined || names.length === 0) return before;
  const unknown = names.find((name) => !POLICIES.includes(name));
  if (unknown === undefined) return names;
  throw invalid(
    `TerminationPolicies : [${unknown}] is not a valid TerminationPolicy. It is one of ${POLICIES.join(', ')}.`,
  );
}

/** Subnets with their zones, or zones alone. */
function placesOf({ region }: Context, said: Said, before: Settings): Pick<Settings, 'subnetIds' | 'zones'> {
  const ids = (said.VPCZoneIdentifier ?? '').split(',').flatMap((id) => id.trim() || []);
  const zones = said.AvailabilityZones ?? [];
  const wrong = zones.find((zone) => !zonesOf(region.name).includes(zone));
  if (wrong !== undefined) throw invalid(`Invalid availability zones [${wrong}]`);
  if (ids.length === 0) {
    const named = zones.length === 0 ? before : { subnetIds: [], zones: [...zones].sort() };
    if (named.zones.length > 0) return { subnetIds: named.subnetIds, zones: named.zones };
    throw invalid('At least one Availability Zone or VPC Subnet is required.');
  }
  const seen = region.seen.subnets;
  const missing = ids.find((id) => seen[id] === undefined);
  if (missing !== undefined) throw invalid(`The subnet ID '${missing}' does not exist`);
  const own = [...new Set(ids.flatMap((id) => seen[id]?.zone ?? []))].sort();
  if (zones.length > 0 && zones.some((zone) => !own.includes(zone))) {
    throw invalid(`The availability zones of the specified subnets and the Auto Scaling group do not match`);
  }
  return { subnetIds: ids, zones: own };
}

export interface Size {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
}

/** Throws the ApiError `ValidationError`. */
export function checkedSize(size: Size): Size {
  const { min, max, desired } = size;
  for (const [name, value] of [
    ['MinSize', min],
    ['MaxSize', max],
    ['DesiredCapacity', desired],
  ] as const) {
    within(name, value, 0, 10_000);
  }
  if (max < min) throw invalid(`Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
  if (desired >= min && desired <= max) return size;
  throw invalid(`Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`);
}
