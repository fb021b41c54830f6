/** What a step of a rollout works with. */

import type { Cloud } from '../../cloud/cloud.ts';
import type { PlayEvent } from '../../play/events.ts';
import type { Change, FleetPlan, Step, Who } from '../plan/plan.ts';
import type { InstanceState, SlotState } from '../state/state.ts';
import type { Calls } from './calls.ts';
import type { Checks } from './health/checks.ts';
import type { Sightings } from './sightings.ts';

export type SlotStep = Extract<Step, { readonly slot: number }>;

export interface Work {
  readonly plan: FleetPlan;
  readonly change: Change;
  readonly slotIndex: number;
  readonly cloud: Cloud;
  readonly sightings: Sightings;
  readonly calls: Calls;
  readonly checks: Checks;
  /** Going on to something new, or back to what was good. */
  readonly direction: 'forward' | 'back';
  /** The step was begun before by a process that did not end it. */
  readonly again: boolean;
  /** Milliseconds between looks at what takes a while: at first, and at the most. */
  readonly pace: { readonly first: number; readonly most: number };
  /** Ends waiting; what waits can be asked to wait again. Calls that change something are not cut short. */
  readonly signal: AbortSignal;
  /** The slot as it is now. */
  slot(): SlotState;
  /** Whom a step means. */
  members(who: Who): readonly InstanceState[];
  /** Says what the step waits for. */
  progress(text: string): void;
  warn(message: string, hint?: string): void;
  /** An event of the playbook's verify tasks. */
  play(event: PlayEvent): void;
}

/** What has changed when the step is done; kept together with that. */
export type SlotChange = (slot: SlotState) => SlotState;

export interface StepKind {
  /** For people: what goes on, as in `Creating`. */
  readonly title: string;
  /** What is written down with its beginning; undone never, so it must be true even if nothing happens after it. */
  readonly begin?: (
    slot: SlotState,
    work: Pick<Work, 'plan' | 'change' | 'slotIndex' | 'members'>,
    step: SlotStep,
  ) => SlotState;
  /** Does it. May be called again after a kill at any point of it: what has happened already is found, and not done twice. */
  readonly perform: (work: Work, step: SlotStep) => Promise<SlotChange | undefined>;
}
