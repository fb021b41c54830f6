/** What a step works with. */

import type { Cloud } from '../cloud/cloud.ts';
import type { Tags } from '../cloud/tags.ts';
import type { PlayEvent } from '../play/events.ts';
import type { Resource, ResourceKind } from './journal/resource.ts';
import type { RunDirectory } from './journal/run-directory.ts';
import type { Address, Machine } from './machine.ts';
import type { BakeRequest } from './request.ts';
import type { Witness } from './witness.ts';

export interface Work {
  /** The run's id. */
  readonly run: string;
  readonly request: BakeRequest;
  readonly cloud: Cloud;
  readonly directory: RunDirectory;
  /** Aborted by the first Ctrl-C and when the whole bake takes too long. */
  readonly signal: AbortSignal;
  /** Tags by which all that the run makes is found: `playbake:run` and its like. */
  readonly tags: Tags;
  /** Says what the step waits for. */
  progress(text: string): void;
  /** Says what the step found or made, for good. */
  note(text: string): void;
  warn(message: string, hint?: string): void;
  /** An event of a play on the machine. */
  play(event: PlayEvent): void;
  /**
   * Must be called before the call that makes something: what is written down here is removed again when the bake fails
   * or, unless the step keeps what it makes, when it ends.
   */
  intend(resource: Omit<Resource, 'id'>): void;
  /** Must be called as soon as the id of something is known. */
  made(resource: Required<Resource>): void;
  /** Takes back what was intended: the cloud has refused to make it. */
  unmade(resource: Omit<Resource, 'id'>): void;
  /** A session with a machine, opened when first needed and kept: a cleaned machine lets nobody in anew. */
  machine(address: Address): Machine;
  /** Ends the sessions. */
  leaveMachines(): Promise<void>;
  /** Values that the playbook hides; they are on no disk of ours, so a run that is resumed plays again to know them. */
  readonly secrets: Set<string>;
  /** What was seen of the play on the build machine; like the secrets, it is known to this process only. */
  readonly witness: Witness;
  /** What the run has made of a kind and not removed, ids known. */
  things(kind: ResourceKind): readonly Required<Resource>[];
}
