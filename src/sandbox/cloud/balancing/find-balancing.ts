/** The records that a call names by ARN: what can be seen, as it is now. All throw ApiErrors in AWS's words. */

import { ApiError } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import type {
  BalancingKinds,
  ListenerRecord,
  ListenerRuleRecord,
  LoadBalancerRecord,
  TargetGroupRecord,
} from './balancing-records.ts';
import { validationError } from './validation-error.ts';

export type BalancingKind = keyof BalancingKinds;

interface Naming {
  readonly resource: string;
  readonly noun: string;
  readonly code: string;
  readonly missing: (arn: string) => string;
}

const NAMING: Readonly<Record<BalancingKind, Naming>> = {
  loadBalancers: {
    resource: 'loadbalancer',
    noun: 'load balancer',
    code: 'LoadBalancerNotFound',
    missing: (arn) => `Load balancer '${arn}' not found`,
  },
  targetGroups: {
    resource: 'targetgroup',
    noun: 'target group',
    code: 'TargetGroupNotFound',
    missing: (arn) => `Target group '${arn}' not found`,
  },
  listeners: {
    resource: 'listener',
    noun: 'listener',
    code: 'ListenerNotFound',
    missing: (arn) => `Listener '${arn}' not found`,
  },
  listenerRules: {
    resource: 'listener-rule',
    noun: 'listener rule',
    code: 'RuleNotFound',
    missing: (arn) => `Rule '${arn}' not found`,
  },
};

export function findLoadBalancer(region: Region, arn: string | undefined): LoadBalancerRecord {
  return recordOf(region, 'loadBalancers', arn, region.state.loadBalancers);
}

export function findTargetGroup(region: Region, arn: string | undefined): TargetGroupRecord {
  return recordOf(region, 'targetGroups', arn, region.state.targetGroups);
}

export function findListener(region: Region, arn: string | undefined): ListenerRecord {
  return recordOf(region, 'listeners', arn, region.state.listeners);
}

export function findRule(region: Region, arn: string | undefined): ListenerRuleRecord {
  return recordOf(region, 'listenerRules', arn, region.state.listenerRules);
}

/** The kind that an ARN belongs to. */
export function kindOfArn(arn: string): BalancingKind | undefined {
  const resource = /^arn:aws:elasticloadbalancing:[^:]*:[^:]*:([a-z-]+)\//.exec(arn)?.[1];
  return BALANCING_KINDS.find((kind) => NAMING[kind].resource === resource);
}

export const BALANCING_KINDS: readonly BalancingKind[] = [
  'loadBalancers',
  'targetGroups',
  'listeners',
  'listenerRules',
];

export function arnNotFound(kind: BalancingKind, arn: string): ApiError {
  const { code, missing } = NAMING[kind];
  return new ApiError(code, missing(arn));
}

function recordOf<T>(region: Region, kind: BalancingKind, arn = '', table: Readonly<Record<string, T | undefined>>): T {
  const record = table[arn];
  if (record !== undefined && region.seen[kind][arn] !== undefined) return record;
  if (kindOfArn(arn) !== kind) throw validationError(`'${arn}' is not a valid ${NAMING[kind].noun} ARN`);
  throw arnNotFound(kind, arn);
}
