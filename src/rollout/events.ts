/** Everything that happens in a rollout. The engine emits these; `report` shows them. `schemas/rollout-events.json` describes them. */

import type { Fault } from '../fault.ts';
import type { PlayEvent } from '../play/events.ts';
import type { Batch, ImageRef, Step } from './plan/plan.ts';

/**
 * `good`: all is as it was planned, and proved itself. `rolled-back`: it did not, and all is as before. `failed`: it did not, and
 * is left as it is. `waiting`: at a checkpoint. `stopped`: by the user or a refusal; it can go on.
 */
export type RolloutOutcome = 'good' | 'rolled-back' | 'failed' | 'waiting' | 'stopped' | 'destroyed';

/** `back`: to the release that was good before. */
export type Direction = 'forward' | 'back';

export interface StepAbout {
  readonly fleet: string;
  /** `fleet.web[0]`, or `fleet.web` where it is about all. */
  readonly address: string;
  readonly step: Step;
  /** The instances that it is about, as far as their ids are known. */
  readonly ids: readonly string[];
  /** Whether they are such as are replaced. */
  readonly deposed: boolean;
}

export interface Counts {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
}

export type RolloutEvent =
  | {
      readonly type: 'rollout-start';
      readonly fleet: string;
      readonly rollout: string;
      readonly direction: Direction;
      readonly from?: ImageRef;
      readonly to?: ImageRef;
      /** It goes on where it was. */
      readonly resumed: boolean;
      readonly batches: number;
    }
  | {
      readonly type: 'batch-start';
      readonly fleet: string;
      /** From 1. */
      readonly number: number;
      readonly of: number;
      readonly kind: Batch['kind'];
      readonly slots: readonly number[];
      readonly least: number;
      readonly most: number;
    }
  | { readonly type: 'step-start'; readonly about: StepAbout }
  /** What it waits for; `seconds` since it began. */
  | { readonly type: 'step-progress'; readonly about: StepAbout; readonly text: string; readonly seconds: number }
  /** Every ten seconds of a step. */
  | { readonly type: 'step-still'; readonly about: StepAbout; readonly seconds: number }
  /** The playbook's verify tasks. */
  | { readonly type: 'play'; readonly about: StepAbout; readonly event: PlayEvent }
  | {
      readonly type: 'step-end';
      readonly about: StepAbout;
      readonly status: 'done' | 'failed' | 'stopped';
      readonly seconds: number;
    }
  | { readonly type: 'warning'; readonly message: string; readonly hint?: string }
  /** An instance of the release is not healthy. */
  | {
      readonly type: 'verdict';
      readonly fleet: string;
      readonly message: string;
      readonly hint?: string;
      /** `rollback`: to this image; `stay`: nothing is done about it, and why. */
      readonly next: 'rollback' | 'stay';
      readonly to?: ImageRef;
      readonly why?: string;
    }
  | {
      readonly type: 'rollout-end';
      readonly fleet: string;
      readonly rollout: string;
      readonly outcome: RolloutOutcome;
      readonly counts: Counts;
      readonly seconds: number;
      readonly fault?: Fault;
      /** What to do now. */
      readonly hints: readonly string[];
    };

export type EmitRollout = (event: RolloutEvent) => void;
