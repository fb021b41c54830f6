/** What `bake --lint` tells of playbooks. */

import type { Where } from '../fault.ts';

/** Without the text of its file. */
export type Line = Pick<Where, 'file' | 'line' | 'column'>;

export type Verdict = 'bakeable' | 'at first boot' | 'live only' | 'verified in the test of the image';

export interface BakeLint {
  readonly playbooks: readonly { readonly file: string; readonly plays: readonly LintedPlay[] }[];
}

export interface LintedPlay {
  readonly name: string;
  /** Its `hosts`, as written. */
  readonly hosts: string;
  readonly where: Line;
  readonly notes: readonly LintNote[];
  /** Of pre_tasks, roles, tasks and post_tasks, then handlers. */
  readonly tasks: readonly LintedTask[];
}

export interface LintNote {
  readonly text: string;
  readonly where: Line;
}

export interface LintedTask {
  /** With its role. */
  readonly name: string;
  readonly action: string;
  readonly handler: boolean;
  readonly where: Line;
  readonly verdict: Verdict;
  /** Why, or what a bake makes of it; undefined where it does what it does live. */
  readonly reason: string | undefined;
  /** What to change. */
  readonly advice: readonly string[];
  /** A bake would fail with it. */
  readonly problem: boolean;
}
