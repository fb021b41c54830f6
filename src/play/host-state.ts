/** What a run knows of one host. */

import type { Dict, Value } from '../value/value.ts';
import type { HostStats } from './events.ts';

export class HostState {
  readonly name: string;
  /** Facts by their names without `ansible_`; outlive plays. */
  readonly facts = new Map<Value, Value>();
  /** Registered results and set_fact; outlive plays. */
  readonly registered = new Map<Value, Value>();
  /** `include_vars`; outlive plays. */
  readonly included = new Map<Value, Value>();
  /** Failed in the play under way, and not rescued. */
  failed = false;
  /** Another host's failure made it fail: the recap does not count it. */
  failedAlong = false;
  unreachable = false;
  /** Left the play by `meta: end_host`. */
  ended = false;
  factsGathered = false;
  /** How many tasks were begun on it; outlives plays. */
  tasksBegun = 0;
  /** Variables of the `rescue` under way: ansible_failed_task, ansible_failed_result. */
  rescue: Dict | undefined;
  readonly stats: { -readonly [K in keyof HostStats]: number } = {
    ok: 0,
    changed: 0,
    unreachable: 0,
    failed: 0,
    skipped: 0,
    rescued: 0,
    ignored: 0,
  };

  constructor(name: string) {
    this.name = name;
  }

  get active(): boolean {
    return !this.failed && !this.unreachable && !this.ended;
  }
}
