/** How targets are, in AWS's words: from their records alone. */

import type { Region } from '../region.ts';
import type { RegionState } from '../state.ts';
import type { TargetGroupRecord, TargetRecord } from './balancing-records.ts';
import { balancersOf } from './group-users.ts';

export interface TargetHealth {
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused';
  readonly reason?: string;
  readonly description?: string;
}

export function healthOf(region: RegionState, group: TargetGroupRecord, target: TargetRecord): TargetHealth {
  if (target.drainsUntil !== undefined) return DRAINING;
  const balancers = balancersOf(region, group.id);
  if (balancers.length === 0) return NOT_IN_USE;
  const instance = region.instances[target.id];
  if (group.targetType === 'instance' && instance?.state !== 'running') {
    const description = `Target is in the ${instance?.state ?? 'terminated'} state`;
    return { state: 'unused', reason: 'Target.InvalidState', description };
  }
  if (instance !== undefined && !zonesOf(region, balancers).includes(instance.zone)) return NO_ZONE;
  if (target.health === 'healthy') return { state: 'healthy' };
  if (target.health === 'initial') return INITIAL;
  return {
    state: 'unhealthy',
    ...(target.reason && { reason: target.reason.code, description: target.reason.message }),
  };
}

/** Whether it is checked, and gets requests when it is healthy. */
export function isInUse({ state }: TargetHealth): boolean {
  return state === 'initial' || state === 'healthy' || state === 'unhealthy';
}

/** What is said of a target that is asked for by name and is not in the group. */
export const NOT_REGISTERED: TargetHealth = {
  state: 'unused',
  reason: 'Target.NotRegistered',
  description: 'Target is not registered to the target group',
};

const DRAINING: TargetHealth = {
  state: 'draining',
  reason: 'Target.DeregistrationInProgress',
  description: 'Target deregistration is in progress',
};

const NOT_IN_USE: TargetHealth = {
  state: 'unused',
  reason: 'Target.NotInUse',
  description: 'Target group is not configured to receive traffic from the load balancer',
};

const NO_ZONE: TargetHealth = {
  state: 'unused',
  reason: 'Target.NotInUse',
  description: 'Target is in an Availability Zone that is not enabled for the load balancer',
};

const INITIAL: TargetHealth = {
  state: 'initial',
  reason: 'Elb.InitialHealthChecking',
  description: 'Initial health checks in progress',
};

function zonesOf(region: RegionState, balancers: readonly string[]): readonly (string | undefined)[] {
  const subnets = balancers.flatMap((arn) => region.loadBalancers[arn]?.subnetIds ?? []);
  return subnets.map((id) => region.subnets[id]?.zone);
}

export interface TargetState extends TargetHealth {
  /** An instance's id, or an address. */
  readonly id: string;
  readonly port: number;
}

/** All that are registered in a group or drain; none where there is no such group. */
export function targetStates({ state }: Pick<Region, 'state'>, targetGroup: string): readonly TargetState[] {
  const group = state.targetGroups[targetGroup];
  if (group === undefined) return [];
  return group.targets.map((target) => ({ id: target.id, port: target.port, ...healthOf(state, group, target) }));
}
