/** A task under way: what its parts share. */

import type { Fault } from '../fault.ts';
import type { Task } from '../playbook/types.ts';
import type { Scope, Templar } from '../template/templar.ts';
import type { Value } from '../value/value.ts';
import type { Departure } from './departure.ts';
import type { Diff, ResultData, TaskInfo } from './events.ts';
import type { HostState } from './host-state.ts';
import type { Lineage } from './lineage.ts';
import type { PlayState } from './play-state.ts';
import type { Turn } from './turn.ts';

export interface TaskRun {
  readonly play: PlayState;
  readonly task: Task;
  /** Of the task itself: its own keywords are the first level. */
  readonly lineage: Lineage;
  readonly info: TaskInfo;
  /** Whose variables a task sets: of `run_once`, every host's. */
  readonly settles: (host: HostState) => readonly HostState[];
  /** Undefined where nothing is run in earnest. */
  readonly turn?: Turn | undefined;
  /** To be called when all that the host is to do for it is on its way, and nothing speaks against what comes after. */
  readonly sent?: (() => void) | undefined;
  /** To be called when a look at the host is on its way, behind which others may look. */
  readonly looks?: (() => void) | undefined;
  /** Whether all that comes before it on the host is on its way, when that is known. Undefined where all of it is done. */
  readonly clear?: Departure['sent'] | undefined;
}

/** One host, one item of the loop if there is one. */
export interface ItemRun extends TaskRun {
  readonly host: HostState;
  readonly scope: Scope;
  readonly templar: Templar;
  readonly searchPath: readonly string[];
}

/** What came of a task on a host, or of one item. `result` is what is registered; nothing is censored yet. */
export interface TaskResult {
  readonly result: ResultData;
  readonly diff: readonly Diff[];
  readonly delegatedTo?: string | undefined;
  /** Why the task could not even be tried, with its place. */
  readonly fault?: Fault | undefined;
  readonly unreachable?: boolean;
  /** Loop items, for include_* that act on each. */
  readonly items?: readonly ItemResult[];
  readonly noLog?: boolean;
}

export interface ItemResult extends TaskResult {
  readonly item: Value;
  /** As shown in `(item=…)`. */
  readonly label: string;
  readonly itemScope: Scope;
}

export function render(run: ItemRun, value: Value, where = run.task.where): Value {
  return run.templar.render(value, run.scope, where);
}
