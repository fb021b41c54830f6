/** What rollouts remember of what they made: plain JSON, replaced as a whole, each version with a higher serial. */

import type { FleetPlan } from '../plan/plan.ts';
import type { Settings } from '../settings.ts';

export const STATE_VERSION = 1;

export interface State {
  readonly version: typeof STATE_VERSION;
  /** A UUID: states of different lineages tell of different things. */
  readonly lineage: string;
  /** Counts the versions of the state. */
  readonly serial: number;
  /** The version of playbake that wrote it. */
  readonly playbake: string;
  readonly fleets: Readonly<Record<string, FleetState>>;
}

export interface FleetState {
  readonly engine: 'ec2' | 'autoscaling';
  readonly region: string;
  /** By index: `0`, `1` … Slots that have nothing are not there. */
  readonly slots: Readonly<Record<string, SlotState>>;
  /** The release that proved itself last: where a rollback goes. */
  readonly good?: Release;
  /** All that ended, the newest last; at most 50. */
  readonly history: readonly Release[];
  /** The one that is under way, or that was stopped in its midst. */
  readonly rollout?: RolloutState;
  /** What the engine `autoscaling` keeps: the group, its launch template. */
  readonly group?: GroupState;
}

/** A place for one instance. Data volumes belong to the place. */
export interface SlotState {
  readonly current?: InstanceState;
  /** Earlier ones that are there still, the newest last. */
  readonly deposed: readonly InstanceState[];
  /** Volume ids by device. */
  readonly volumes: Readonly<Record<string, string>>;
}

export interface InstanceState {
  /** The ClientToken that it is launched with, written down before the launch. Adopted instances: empty. */
  readonly token: string;
  /** Absent: its launch was about to happen, or its answer was lost. */
  readonly id?: string;
  readonly settings: Settings;
  /** Whether it serves: registered and found healthy, and not yet told to leave. */
  readonly inService: boolean;
}

export interface GroupState {
  readonly name: string;
  readonly launchTemplateId: string;
  readonly launchTemplateVersion: number;
}

export interface Release {
  readonly rollout: string;
  /** ISO 8601. */
  readonly began: string;
  readonly ended: string;
  readonly outcome: 'good' | 'rolled-back' | 'failed' | 'destroyed' | 'imported';
  readonly image: { readonly id: string; readonly name: string };
  /** What instances were made of; the subnet is that of the first. */
  readonly settings: Settings;
  /** Why it was not good. */
  readonly reason?: string;
}

/** A rollout's journal. A step stands in `begun` before its first call, and in `done` when it has happened. */
export interface RolloutState {
  readonly id: string;
  /** ISO 8601. */
  readonly began: string;
  /** The plan that is being applied; on the way back, that of the rollback. */
  readonly plan: FleetPlan;
  readonly direction: 'forward' | 'back';
  /** Index into `plan.batches`. */
  readonly batch: number;
  /** Index into the batch's stages: those before it are done. */
  readonly stage: number;
  /** Keys of steps of this stage (`stepKey`). */
  readonly begun: readonly string[];
  readonly done: readonly string[];
  /** ISO 8601: when the step that waits for time (pause, checkpoint, bake) was begun, so that a resumed one waits for the rest only. */
  readonly waitingSince?: string;
  /** Why it goes back, or why it stopped. */
  readonly failure?: { readonly step: string; readonly message: string };
  /** The image that it was to bring, while it goes back. */
  readonly wanted?: { readonly id: string; readonly name: string };
}
