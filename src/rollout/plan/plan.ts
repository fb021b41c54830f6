/** What a rollout is going to do: a value that is shown, saved, and applied as saved. Plain JSON. */

import type { Amounts } from '../../config/amounts.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import type { Settings } from '../settings.ts';

export const PLAN_VERSION = 1;

export interface Plan {
  readonly version: typeof PLAN_VERSION;
  /** The version of playbake that made it. */
  readonly playbake: string;
  /** ISO 8601. */
  readonly created: string;
  /** The state that it was made of: with any other it is stale. */
  readonly prior: { readonly lineage: string; readonly serial: number };
  readonly cloud: { readonly kind: string; readonly region: string; readonly account: string };
  readonly fleets: readonly FleetPlan[];
}

export interface FleetPlan {
  /** Names the rollout, and through it the ClientTokens of its launches. */
  readonly rollout: string;
  readonly fleet: FleetConfig;
  readonly amounts: Amounts;
  /** Undefined: nothing is there yet, or not all is of one image. */
  readonly from: ImageRef | undefined;
  /** Undefined: all is destroyed. */
  readonly to: ImageRef | undefined;
  /** One for each slot, those without change too. */
  readonly changes: readonly Change[];
  /** What differs between the state and what is there; each has its consequence in `changes`, or is left alone. */
  readonly drift: readonly Drift[];
  /** In this order; empty: there is nothing to do. */
  readonly batches: readonly Batch[];
  /** At no time are fewer in service than `least`, nor more there than `most`. */
  readonly promise: { readonly least: number; readonly most: number };
  /** Targets' health and the like that matter while it goes on. */
  readonly targetGroups: readonly TargetGroupRef[];
  readonly warnings: readonly string[];
}

export interface ImageRef {
  readonly id: string;
  readonly name: string;
}

export interface TargetGroupRef {
  readonly arn: string;
  readonly name: string;
  readonly port: number;
  /** Milliseconds: the group's deregistration_delay.timeout_seconds. */
  readonly drain: number;
}

/**
 * `create`: the slot is empty. `replace`: a new one is there before the old one goes. `restore`: an earlier one that is
 * still there comes back in its place. `update`: in place. `delete`: the slot is no longer wanted. `clean`: the current one
 * is right, and earlier ones are left to be removed.
 */
export type Action = 'no-op' | 'create' | 'replace' | 'restore' | 'update' | 'delete' | 'clean';

export interface Change {
  /** `fleet.web[0]`. */
  readonly address: string;
  readonly slot: number;
  readonly action: Action;
  /** For people, as in `its image is replaced`; empty where attributes say it all. */
  readonly reason: string;
  readonly before: Settings | undefined;
  readonly after: Settings | undefined;
  /** Of the current instance, where there is one. */
  readonly id: string | undefined;
  /** Ids of earlier ones that go. */
  readonly deposed: readonly string[];
  readonly attributes: readonly AttributeChange[];
}

export interface AttributeChange {
  /** As playbake.yml calls it. */
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly forcesReplacement: boolean;
}

export interface Drift {
  readonly address: string;
  readonly id: string;
  /** `gone`: it is not there any more. `changed`: by hand. `unknown`: it bears the fleet's tag and is in no state. */
  readonly kind: 'gone' | 'changed' | 'unknown' | 'stopped' | 'volume';
  readonly message: string;
  /** What was changed by hand: as the state has it, and as it is. */
  readonly attributes: readonly AttributeChange[];
}

export interface Batch {
  readonly kind: 'canary' | 'batch' | 'all' | 'end';
  readonly slots: readonly number[];
  /** One after the other. */
  readonly stages: readonly Stage[];
  /** The least capacity in service while it goes on, and the most instances that are there. */
  readonly least: number;
  readonly most: number;
}

/** Steps that go on at the same time. */
export interface Stage {
  readonly steps: readonly Step[];
}

/** `new`: the slot's current instance. `old`: all of its deposed ones. */
export type Who = 'new' | 'old';

export type Step =
  /** The slot's current instance becomes deposed and the slot has none: before one is launched in its place, or for good. */
  | { readonly do: 'depose'; readonly slot: number }
  /** The slot's current instance, if any, becomes deposed, and the new one current; launched with `after`. */
  | { readonly do: 'launch'; readonly slot: number }
  /** The deposed one with this id becomes current again, and the current one deposed; started where it is stopped. */
  | { readonly do: 'restore'; readonly slot: number; readonly id: string }
  /** EC2 says running, and its two checks are not impaired. */
  | { readonly do: 'await-running'; readonly slot: number }
  /** The fleet's own health checks, then its verify tasks. */
  | { readonly do: 'check'; readonly slot: number }
  | { readonly do: 'register'; readonly slot: number }
  /** All target groups call it healthy, as many times in a row as `health.healthy`. Without target groups: it serves. */
  | { readonly do: 'await-in-service'; readonly slot: number }
  | { readonly do: 'deregister'; readonly slot: number; readonly who: Who }
  | { readonly do: 'await-drained'; readonly slot: number; readonly who: Who }
  | { readonly do: 'stop'; readonly slot: number; readonly who: Who }
  | { readonly do: 'detach-volumes'; readonly slot: number; readonly who: Who }
  /** Creates those that the slot lacks. */
  | { readonly do: 'attach-volumes'; readonly slot: number }
  | { readonly do: 'terminate'; readonly slot: number; readonly who: Who }
  /** Tags, security groups, target groups of the current instance, in place. */
  | { readonly do: 'update'; readonly slot: number }
  /** Instances and volumes of the slot that are gone leave the state. */
  | { readonly do: 'forget'; readonly slot: number }
  /** Milliseconds. */
  | { readonly do: 'pause'; readonly time: number }
  /** Stops here, until `rollout apply` goes on, or until `time` milliseconds have passed. */
  | { readonly do: 'checkpoint'; readonly percent: number; readonly time: number | undefined }
  /** For `time` milliseconds all must stay healthy. */
  | { readonly do: 'bake'; readonly time: number };

export function stepKey(step: Step): string {
  if (!('slot' in step)) return step.do;
  return 'who' in step ? `${step.do} ${step.who} ${step.slot}` : `${step.do} ${step.slot}`;
}
