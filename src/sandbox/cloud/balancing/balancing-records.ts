/** Load balancers as the state keeps them, each by its ARN as its id. Times are milliseconds since 1970. */

import type { Resource } from '../state.ts';

export interface BalancingKinds {
  readonly loadBalancers: LoadBalancerRecord;
  readonly targetGroups: TargetGroupRecord;
  readonly listeners: ListenerRecord;
  readonly listenerRules: ListenerRuleRecord;
}

export type BalancerType = 'application' | 'network';

/** Values of attributes by key; only those that a call has set. */
export type Attributes = Readonly<Record<string, string>>;

export interface LoadBalancerRecord extends Resource {
  readonly name: string;
  readonly type: BalancerType;
  readonly scheme: 'internet-facing' | 'internal';
  readonly vpcId: string;
  /** Each in a zone of its own. */
  readonly subnetIds: readonly string[];
  /** None for a network load balancer that was made without. */
  readonly groupIds: readonly string[];
  /** That of its address among the machines' numbers: see subnet.ts. */
  readonly number: number;
  /** Where it listens, and what its targets see. It stays the same whatever subnets it is given later. */
  readonly address: string;
  readonly attributes: Attributes;
  readonly state: 'provisioning' | 'active' | 'failed';
  /** Why it failed. */
  readonly reason?: string;
}

export type GroupProtocol = 'HTTP' | 'TCP';

export interface TargetGroupRecord extends Resource {
  readonly name: string;
  readonly protocol: GroupProtocol;
  /** The port of targets that are registered without one. */
  readonly port: number;
  readonly vpcId: string;
  readonly targetType: 'instance' | 'ip';
  readonly check: HealthCheck;
  readonly attributes: Attributes;
  readonly targets: readonly TargetRecord[];
}

export interface HealthCheck {
  readonly protocol: GroupProtocol;
  /** A number, or `traffic-port`: the target's own. */
  readonly port: string;
  /** Seconds. */
  readonly interval: number;
  /** Seconds. */
  readonly timeout: number;
  /** How many checks in a row make an unhealthy target healthy, and a healthy one unhealthy. */
  readonly healthy: number;
  readonly unhealthy: number;
  /** Of HTTP. */
  readonly path?: string;
  /** The status codes of HTTP that are good, such as `200,300-399`. */
  readonly matcher?: string;
}

/** A group has a target once for each port. */
export interface TargetRecord {
  /** An instance's id, or an address. */
  readonly id: string;
  readonly port: number;
  /** As it was registered; for addresses only. */
  readonly zone?: string;
  readonly registeredAt: number;
  /** What the health checks have found; `initial` before they have found anything. */
  readonly health: 'initial' | 'healthy' | 'unhealthy';
  /** Of an unhealthy target: AWS's code and what it says. */
  readonly reason?: HealthReason;
  readonly healthySince?: number;
  /** It was deregistered: the end of its deregistration delay. */
  readonly drainsUntil?: number;
}

export interface HealthReason {
  readonly code: 'Target.ResponseCodeMismatch' | 'Target.Timeout' | 'Target.FailedHealthChecks';
  readonly message: string;
}

export interface ListenerRecord extends Resource {
  readonly balancer: string;
  readonly port: number;
  readonly protocol: GroupProtocol;
  readonly actions: readonly RuleAction[];
  readonly attributes: Attributes;
}

/** A rule beside the default one, which is the listener's own actions. */
export interface ListenerRuleRecord extends Resource {
  readonly listener: string;
  /** Lower ones come first. */
  readonly priority: number;
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly RuleAction[];
}

interface Ordered {
  readonly order?: number;
}

export interface ForwardAction extends Ordered {
  readonly type: 'forward';
  readonly groups: readonly WeightedGroup[];
  /** Seconds for which a client stays with the group that it met first; absent: no stickiness. */
  readonly stickySeconds?: number;
}

export interface WeightedGroup {
  readonly group: string;
  /** 0 to 999. */
  readonly weight: number;
}

export interface FixedResponseAction extends Ordered {
  readonly type: 'fixed-response';
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
}

/** Parts may hold #{protocol}, #{host}, #{port}, #{path} and #{query}. */
export interface RedirectAction extends Ordered {
  readonly type: 'redirect';
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly query: string;
  readonly status: 301 | 302;
}

export type RuleAction = ForwardAction | FixedResponseAction | RedirectAction;

export type ValueField = 'host-header' | 'path-pattern' | 'http-request-method' | 'source-ip';

/** What a request must have: one of the values. `*` and `?` stand for any characters and for one. */
export type RuleCondition =
  | { readonly field: ValueField; readonly values: readonly string[] }
  | { readonly field: 'http-header'; readonly header: string; readonly values: readonly string[] }
  | { readonly field: 'query-string'; readonly pairs: readonly QueryPair[] };

export interface QueryPair {
  /** Absent: any key. */
  readonly key?: string;
  readonly value: string;
}

/** What tells a target from the others of its group. */
export function targetKey({ id, port }: Pick<TargetRecord, 'id' | 'port'>): string {
  return `${id}:${port}`;
}
