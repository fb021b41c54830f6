/** The lines of a journal. Times are ISO 8601. src/bake/README.md describes the file for people. */

import type { Resource } from './resource.ts';

export const JOURNAL_VERSION = 1;

/** What `bake --resume` needs to know of how the run was asked for. Values of `-e` are not among it: they may be secrets. */
export interface RunFacts {
  readonly image: string;
  /** Absolute. */
  readonly playbook: string;
  readonly config: string | undefined;
  readonly cloud: string;
  readonly region: string;
  readonly inventory: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  /** A digest of each `-e`, so that other ones are noticed. */
  readonly extraVars: readonly string[];
  readonly name: string | undefined;
  readonly test: boolean;
  readonly force: boolean;
}

export type Outcome = 'baked' | 'unchanged' | 'undone' | 'swept';

export type JournalEntry =
  | {
      readonly type: 'start';
      readonly at: string;
      readonly version: number;
      readonly run: string;
      readonly facts: RunFacts;
    }
  /** Another process goes on with the run. */
  | { readonly type: 'resume'; readonly at: string }
  | { readonly type: 'begin'; readonly at: string; readonly step: string }
  /** Something is about to be made. */
  | { readonly type: 'intend'; readonly at: string; readonly step: string; readonly resource: Resource }
  | { readonly type: 'made'; readonly at: string; readonly step: string; readonly resource: Resource }
  | { readonly type: 'removed'; readonly at: string; readonly resource: Resource }
  /** A step is done; `gives` is what later steps know by it. */
  | {
      readonly type: 'done';
      readonly at: string;
      readonly step: string;
      readonly seconds: number;
      readonly gives: object;
    }
  | { readonly type: 'failed'; readonly at: string; readonly step: string; readonly message: string }
  /** From here on things are removed: the run cannot be resumed. */
  | { readonly type: 'undo'; readonly at: string }
  | { readonly type: 'end'; readonly at: string; readonly outcome: Outcome };

/** An entry without its time, as it is handed to the journal. */
export type NewEntry = JournalEntry extends infer Entry ? (Entry extends unknown ? Omit<Entry, 'at'> : never) : never;
