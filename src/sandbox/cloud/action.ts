/** What one API call is: the SDK's input goes in, the SDK's output comes out. */

import type { Cloud } from './cloud.ts';
import type { Region } from './region.ts';
import type { CloudState } from './state.ts';

export interface Context {
  readonly cloud: Cloud;
  /** The region that the call is signed for. */
  readonly region: Region;
  /** Another region, for calls that copy. */
  readonly regionNamed: (name: string) => Region;
  /** All of the state as the action may know it: older than what is by the consistency delay. */
  readonly seen: CloudState;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Throws an ApiError to refuse. An action checks everything, then changes the state, and only then touches machines and
 * disks: in a dry run the first change of the state ends it.
 */
export type Action<Input, Output> = (input: Input, context: Context) => Output | Promise<Output>;

/** The actions of one service by name. Each takes what the codec makes by the shapes of the same name. */
export type Actions = Readonly<Record<string, Action<never, object>>>;
