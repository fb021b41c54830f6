/** What is there, as far as a plan wants to know it. Plain data: planning calls nobody. */

import type { SeenGroup } from '../autoscaling/seen-group.ts';

export interface Seen {
  readonly cloud: { readonly kind: string; readonly region: string; readonly account: string };
  readonly fleets: ReadonlyMap<string, FleetSeen>;
}

export interface FleetSeen {
  /** What the fleet's `image` means now; undefined where no instance is to be launched of it, as for `rollout destroy`. */
  readonly image: SeenImage | undefined;
  /** Images that can be launched from, by id: the fleet's, and those of its last good release and of the one that is gone back to. */
  readonly images: ReadonlyMap<string, SeenImage>;
  /** By id: those that the state names and those that bear the fleet's tag. Ones that are terminated are left out. */
  readonly instances: ReadonlyMap<string, SeenInstance>;
  /** By id: those that the state names. */
  readonly volumes: ReadonlyMap<string, SeenVolume>;
  /** Those of the configuration, and those that instances are in. */
  readonly targetGroups: readonly SeenTargetGroup[];
  /** Those of the configuration, in its order. */
  readonly targetGroupArns: readonly string[];
  /** What these groups say of their targets: by ARN, then by instance id. */
  readonly health: ReadonlyMap<string, ReadonlyMap<string, SeenTarget>>;
  /** Those of the configuration, or the default ones; in that order. */
  readonly subnets: readonly SeenSubnet[];
  /** The ids of those of the configuration, or of the default group. */
  readonly securityGroupIds: readonly string[];
  readonly warnings: readonly string[];
  /** Of the engine `autoscaling`. */
  readonly group?: SeenGroup;
}

export interface SeenImage {
  readonly id: string;
  readonly name: string;
  readonly architecture: string;
}

export interface SeenInstance {
  readonly id: string;
  /** `pending`, `running`, `stopping`, `stopped` or `shutting-down`. */
  readonly state: string;
  /** Its ClientToken; empty: none. */
  readonly token: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  /** All of them. */
  readonly tags: Readonly<Record<string, string>>;
  /** Why it is stopped or ending, in EC2's words. */
  readonly reason: string;
}

export interface SeenVolume {
  readonly id: string;
  readonly zone: string;
  /** GiB. */
  readonly size: number;
  /** The instance that it is attached to, or being attached to or detached from. */
  readonly instanceId: string | undefined;
}

export interface SeenTargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly port: number;
  /** Milliseconds that a target which leaves may go on with what it does. */
  readonly drain: number;
}

export interface SeenTarget {
  /** ELBv2's: `healthy`, `unhealthy`, `initial`, `draining`, `unused`, `unavailable` … */
  readonly state: string;
  readonly reason: string;
}

export interface SeenSubnet {
  readonly id: string;
  readonly zone: string;
}
