/** What all parts of a run share. */

import type { Findings } from '../fault.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { ModuleCatalog } from '../module/catalog.ts';
import type { Play } from '../playbook/types.ts';
import type { Templar } from '../template/templar.ts';
import type { Dict, Value } from '../value/value.ts';
import type { Emit } from './events.ts';
import type { Later } from './first-boot/later.ts';
import { HostState } from './host-state.ts';
import type { RunOptions } from './options.ts';
import type { Reads } from './reads.ts';
import type { Secrets } from './secrets.ts';
import type { Sessions } from './sessions.ts';

export interface World {
  readonly options: RunOptions;
  readonly emit: Emit;
  readonly inventory: Inventory;
  readonly extraVars: Dict;
  readonly modules: ModuleCatalog;
  readonly sessions: Sessions;
  readonly secrets: Secrets;
  readonly findings: Findings;
  readonly hosts: HostStates;
  /** Tasks that a bake leaves for the first boot, in the order in which plays came by them. */
  readonly firstBoot: Later[];
  /** The templar that looks for files in these directories; `host` is whose reads they are. */
  readonly templar: (searchPath: readonly string[], host?: string) => Templar;
  /** Undefined where nobody wants to know what is read. */
  readonly reads: Reads | undefined;
  /** All plays of the run, in their order. */
  readonly order: readonly Play[];
  /** What `--start-at-task` still waits for, and whether `--step` still asks. */
  readonly progress: { startAt: string | undefined; step: RunOptions['step'] };
  /** `set_stats`. */
  readonly custom: Map<Value, Value>;
}

/** The state of each host, made when the host is first met. */
export class HostStates {
  readonly #states = new Map<string, HostState>();

  of(name: string): HostState {
    let state = this.#states.get(name);
    if (!state) {
      state = new HostState(name);
      this.#states.set(name, state);
    }
    return state;
  }

  all(): readonly HostState[] {
    return [...this.#states.values()];
  }
}
