/** What the entries of a journal come to. */

import type { JournalEntry, Outcome, RunFacts } from './entry.ts';
import { isSame, type Resource } from './resource.ts';

/** Something that was made or about to be made, and is not known to be removed. */
export interface Left {
  readonly step: string;
  readonly resource: Resource;
  /** When it was noted last. */
  readonly at: string;
}

export interface Account {
  readonly run: string | undefined;
  readonly facts: RunFacts | undefined;
  readonly started: string | undefined;
  /** Steps that were begun: those before them are done. */
  readonly begun: ReadonlySet<string>;
  readonly done: ReadonlyMap<string, object>;
  /** In the order in which they were made. */
  readonly left: readonly Left[];
  /** The step that was begun last and is not done. */
  readonly open: string | undefined;
  readonly undoing: boolean;
  readonly outcome: Outcome | undefined;
}

export function accountOf(entries: readonly JournalEntry[]): Account {
  const start = entries.find((entry) => entry.type === 'start');
  const begun = new Set<string>();
  const done = new Map<string, object>();
  let left: readonly Left[] = [];
  let open: string | undefined;
  let undoing = false;
  let outcome: Outcome | undefined;
  for (const entry of entries) {
    if (entry.type === 'begin') {
      open = entry.step;
      begun.add(open);
    }
    if (entry.type === 'done') {
      done.set(entry.step, entry.gives);
      if (open === entry.step) open = undefined;
    }
    if (entry.type === 'intend' || entry.type === 'made') left = noted(left, entry);
    if (entry.type === 'removed') left = left.filter(({ resource }) => !isSame(resource, entry.resource));
    if (entry.type === 'undo') undoing = true;
    if (entry.type === 'end') outcome = entry.outcome;
  }
  return { run: start?.run, facts: start?.facts, started: start?.at, begun, done, left, open, undoing, outcome };
}

function noted(left: readonly Left[], { step, resource, at }: Left): readonly Left[] {
  const known = left.find((one) => isSame(one.resource, resource));
  const id = resource.id ?? known?.resource.id;
  const whole: Left = { step, at, resource: { ...resource, ...(id !== undefined && { id }) } };
  return known ? left.map((one) => (one === known ? whole : one)) : [...left, whole];
}
