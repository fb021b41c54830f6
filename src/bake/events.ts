/** Everything that happens in a bake. The engine emits these; `report` shows them. */

import type { CloudKind } from '../config/config.ts';
import type { Fault } from '../fault.ts';
import type { PlayEvent } from '../play/events.ts';
import type { ResourceKind } from './journal/resource.ts';

export interface StepInfo {
  /** As in the journal. */
  readonly id: string;
  readonly title: string;
}

export interface StepTime extends StepInfo {
  readonly seconds: number;
}

export interface ImageCopy {
  readonly region: string;
  readonly imageId: string;
}

export type BakeOutcome = 'baked' | 'unchanged' | 'failed' | 'interrupted' | 'kept';

export type BakeEvent =
  | {
      readonly type: 'bake-start';
      readonly run: string;
      readonly image: string;
      readonly playbook: string;
      readonly cloud: CloudKind;
      /** Why this cloud. */
      readonly why: string;
      readonly region: string;
      /** A run that was killed goes on. */
      readonly resumed: boolean;
    }
  | { readonly type: 'step-start'; readonly step: StepInfo }
  /** What a step waits for. */
  | { readonly type: 'step-progress'; readonly step: StepInfo; readonly text: string }
  /** What a step found or made, for its line. */
  | { readonly type: 'step-note'; readonly step: StepInfo; readonly text: string }
  /** The playbook at work within a step. */
  | { readonly type: 'play'; readonly step: StepInfo; readonly event: PlayEvent }
  | {
      readonly type: 'step-end';
      readonly step: StepInfo;
      /** `resumed`: done before the run was killed. `skipped`: nothing to do. */
      readonly status: 'done' | 'skipped' | 'resumed' | 'failed';
      readonly seconds: number;
    }
  | { readonly type: 'warning'; readonly message: string; readonly hint?: string }
  /** Things are about to be removed: what only the bake needed, or all of it. */
  | { readonly type: 'clean-start'; readonly why: 'end' | 'failure' | 'sweep'; readonly things: number }
  | { readonly type: 'removing'; readonly kind: ResourceKind; readonly name: string; readonly region: string }
  | { readonly type: 'clean-progress'; readonly text: string }
  | {
      readonly type: 'removed';
      readonly kind: ResourceKind;
      readonly name: string;
      readonly region: string;
      /** Why it could not be removed. */
      readonly fault?: Fault;
    }
  | {
      readonly type: 'bake-end';
      readonly outcome: BakeOutcome;
      readonly run: string;
      readonly region: string;
      readonly imageId?: string;
      readonly name?: string;
      readonly copies: readonly ImageCopy[];
      readonly steps: readonly StepTime[];
      readonly seconds: number;
      /** Things that are still there. */
      readonly left: number;
      /** What to do now, such as how to look into a machine that was kept. */
      readonly hints: readonly string[];
    };

export type EmitBake = (event: BakeEvent) => void;
