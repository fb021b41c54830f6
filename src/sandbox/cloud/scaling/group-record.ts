/** Auto Scaling groups as the state keeps them. Times are milliseconds since 1970, spans are seconds as the API has them. */

import type { Resource } from '../state.ts';

/** A launch template as a group, a refresh or an instance names it. */
export interface TemplateChoice {
  readonly id: string;
  readonly name: string;
  /** A number, `$Latest` or `$Default`; of an instance always a number. */
  readonly version: string;
}

export interface ScalingGroupRecord extends Resource {
  /** One in a region has it. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly template: TemplateChoice;
  /** Where it launches; none: in the default subnets of `zones`. */
  readonly subnetIds: readonly string[];
  readonly zones: readonly string[];
  /** `EC2`, or `ELB`: then the target groups are asked too. */
  readonly healthCheck: 'EC2' | 'ELB';
  /** How long after it came into service an instance is not judged by its target groups. */
  readonly grace: number;
  readonly cooldown: number;
  /** How long after it came into service an instance is not ready yet. */
  readonly warmup?: number;
  readonly targetGroupArns: readonly string[];
  /** Termination policies. */
  readonly policies: readonly string[];
  readonly protectNew: boolean;
  /** The keys of tags that instances get when they are launched. */
  readonly propagated: readonly string[];
  /** Names of processes. */
  readonly suspended: readonly string[];
  readonly hooks: readonly LifecycleHookRecord[];
  readonly maintenance?: HealthyRange;
  readonly members: readonly MemberRecord[];
  /** It goes when its last instance has. */
  readonly deleting: boolean;
  /** Launches that failed since the last that succeeded. */
  readonly failures: number;
  /** No launch before. */
  readonly retryAt?: number;
  /** Why the last launch failed. */
  readonly failure?: string;
  /** When capacity was last changed: the cooldown counts from here. */
  readonly scaledAt?: number;
  /** What was last asked of it and is not done yet, as activities give it as their cause; ends with two spaces. */
  readonly asked: string;
  readonly context?: string;
}

/** In percent of the desired capacity. */
export interface HealthyRange {
  readonly min: number;
  readonly max: number;
}

export type MemberState =
  | 'Pending'
  | 'Pending:Wait'
  | 'Pending:Proceed'
  | 'InService'
  | 'Terminating'
  | 'Terminating:Wait'
  | 'Terminating:Proceed'
  | 'Detaching'
  | 'EnteringStandby'
  | 'Standby';

/** An instance as its group sees it. */
export interface MemberRecord {
  readonly instanceId: string;
  readonly state: MemberState;
  readonly isHealthy: boolean;
  /** From scale-in. */
  readonly isProtected: boolean;
  /** Absent where it was attached. */
  readonly template?: TemplateChoice;
  readonly type: string;
  readonly zone: string;
  /** When it joined the group. */
  readonly joinedAt: number;
  /** When it last came into service. */
  readonly inServiceAt?: number;
  /** The refresh that launched it; see refresh-record.ts. */
  readonly launchedBy?: string;
  /** What is under way with it. */
  readonly activityId?: string;
  /** Of the state `…:Wait`. */
  readonly actions: readonly LifecycleActionRecord[];
}

export type Transition = 'autoscaling:EC2_INSTANCE_LAUNCHING' | 'autoscaling:EC2_INSTANCE_TERMINATING';

export interface LifecycleHookRecord {
  readonly name: string;
  readonly transition: Transition;
  readonly heartbeat: number;
  readonly defaultResult: LifecycleResult;
  readonly metadata?: string;
  readonly target?: string;
  readonly role?: string;
}

export type LifecycleResult = 'CONTINUE' | 'ABANDON';

/** A hook that an instance waits for. */
export interface LifecycleActionRecord {
  readonly hook: string;
  readonly token: string;
  /** From then on the default result holds. */
  readonly until: number;
  /** Heartbeats do not lengthen it beyond this. */
  readonly latest: number;
  readonly result?: LifecycleResult;
}
