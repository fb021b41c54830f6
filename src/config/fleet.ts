/**
 * One entry of `fleets` in playbake.yml, checked. Plain JSON: a saved plan holds it. `schemas/config.json` describes each key
 * for people. Where it was read from a file, `whereOf(fleet, 'image')`, `whereOf(fleet.strategy, 'max_surge')` and the like know the place.
 */

export interface FleetConfig {
  readonly name: string;
  readonly engine: 'ec2' | 'autoscaling';
  /** `app` (the newest good one of that name), `app:stable` (a channel), the id (ami-...) or the name of an image. */
  readonly image: string;
  /** At least 1. */
  readonly count: number;
  readonly instanceType: string | undefined;
  /** Ids; instances take turns. Empty: the default subnets. */
  readonly subnets: readonly string[];
  /** Ids or names. Empty: the default group. */
  readonly securityGroups: readonly string[];
  readonly key: string | undefined;
  /** The name or ARN of an instance profile. */
  readonly iamProfile: string | undefined;
  /** The text itself. */
  readonly userData: string | undefined;
  readonly publicAddress: boolean | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Data volumes: each belongs to a slot and moves from an instance to its successor. */
  readonly volumes: readonly VolumeConfig[];
  /** Names or ARNs. */
  readonly targetGroups: readonly string[];
  /** How verify tasks and a health command reach an instance; undefined: they cannot. */
  readonly ssh: SshConfig | undefined;
  readonly health: HealthConfig;
  readonly strategy: StrategyConfig;
  /** The user's own Terraform, which looks after the instances; undefined: none does. */
  readonly terraform?: TerraformConfig;
}

export interface TerraformConfig {
  /** Of the configuration, absolute. */
  readonly directory: string;
  /** That takes the id of the image. */
  readonly variable: string;
  /** Absolute. */
  readonly varFile: string | undefined;
}

export interface VolumeConfig {
  /** Such as /dev/xvdf. */
  readonly device: string;
  /** GiB. */
  readonly size: number;
  readonly type: string | undefined;
  readonly iops: number | undefined;
  readonly throughput: number | undefined;
  readonly encrypted: boolean | undefined;
  readonly kmsKey: string | undefined;
  readonly snapshot: string | undefined;
}

export interface SshConfig {
  readonly user: string;
  /** The path of the private key, absolute. */
  readonly privateKey: string | undefined;
  readonly address: 'public' | 'private';
}

/** Durations are milliseconds. */
export interface HealthConfig {
  /** Asked from here, at the instance's own address. */
  readonly http: { readonly port: number; readonly path: string; readonly status: readonly number[] } | undefined;
  readonly tcp: { readonly port: number } | undefined;
  /** A shell command on the instance, by SSH: healthy where it ends with 0. */
  readonly command: string | undefined;
  /** Runs the tasks tagged `verify` of this playbook (absolute path) on each new instance; undefined: none. */
  readonly verify: string | undefined;
  /** The playbook whose verify tasks would run, were there `ssh`: a plan warns of it. */
  readonly unverified: string | undefined;
  /** How long an instance may take until it is healthy. */
  readonly grace: number;
  readonly interval: number;
  /** How many times in a row. */
  readonly healthy: number;
  readonly unhealthy: number;
}

/** A number of instances, or a share of `count` such as `25%`. */
export type Amount = number | `${number}%`;

/** Durations are milliseconds. */
export interface StrategyConfig {
  readonly type: 'rolling' | 'blue_green' | 'canary';
  readonly maxSurge: Amount;
  readonly maxUnavailable: Amount;
  /** How many go first, by `canary`. */
  readonly canary: Amount;
  /** Between batches. */
  readonly pause: number;
  /** After these shares of all, in percent, it stops until `rollout apply` goes on; with `checkpointDelay`, until that has passed. */
  readonly checkpoints: readonly number[];
  readonly checkpointDelay: number | undefined;
  /** How long all must stay healthy at the end; old instances of blue_green wait for it. */
  readonly bakeTime: number;
  readonly autoRollback: boolean;
  /** Without any progress for so long, it has failed. */
  readonly progressDeadline: number;
}
