/** What a run would do on a host, told without connecting to it. */

import type { Where } from '../fault.ts';
import type { Dict, Value } from '../value/value.ts';
import type { Read, VariableContext } from './reads.ts';

export interface Description {
  /** In the order of the run: each play's tasks with what they include, then its handlers. */
  readonly tasks: readonly DescribedTask[];
  /** Files, directories, environment variables and commands' outputs that describing the tasks has read. */
  readonly reads: readonly Exclude<Read, { kind: 'variable' | 'fact' }>[];
  /**
   * Variables of a host as each part of the run sees them before anything has run; of what only the engine gives, what
   * is the same for every clone of the playbooks.
   */
  variables(host: string): readonly VisibleVariables[];
}

export interface VisibleVariables extends VariableContext {
  /** As written, templates unfilled. */
  readonly values: ReadonlyMap<string, Value>;
}

export interface DescribedTask {
  /** The number of the play in the run, from 0. */
  readonly play: number;
  /** As a run shows it. */
  readonly name: string;
  /** The module's own name; the action's, where it is the engine's or nobody knows it. */
  readonly module: string;
  /** What the module is: `playbake 0.1.0`, or `sha256:…` of a user's file. */
  readonly version: string;
  readonly where: Where;
  readonly role: string | undefined;
  readonly handler: boolean;
  readonly tags: readonly string[];
  /** Each item's arguments, templates filled in where that can be done by now; one where there is no loop. */
  readonly args: readonly Dict[];
  /** Conditions as written, outermost first; all of them must hold. */
  readonly when: readonly Value[];
  /** All keywords but name, tags and when, as written: a task's own value is its last, what is around it comes before. */
  readonly keywords: ReadonlyMap<string, readonly Value[]>;
  /** Variables of the task and what is around it, as written, the nearest winning. */
  readonly vars: Dict;
  /** The items of a loop where they are known, else as written. */
  readonly loop: Value | undefined;
}
