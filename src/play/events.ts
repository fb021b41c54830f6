/** Everything that happens in a play. Engines emit these; `report` shows them. Results are Ansible's result dictionaries. */

import type { Fault, Where } from '../fault.ts';
import type { Plain } from '../value/value.ts';

export interface TaskInfo {
  /** Counts up in a run; events of one task share it. */
  readonly id: number;
  /** As shown: `role : name`, or the action where there is no name. */
  readonly name: string;
  readonly action: string;
  readonly where: Where;
  readonly handler: boolean;
  readonly check: boolean;
}

export type Status = 'ok' | 'changed' | 'skipped' | 'failed' | 'unreachable';

/** A result as Ansible registers it; censored already where `no_log` asks for it. */
export type ResultData = { readonly [key: string]: Plain };

export interface Diff {
  readonly before: string;
  readonly after: string;
  readonly beforeHeader?: string;
  readonly afterHeader?: string;
}

export interface HostStats {
  readonly ok: number;
  readonly changed: number;
  readonly unreachable: number;
  readonly failed: number;
  readonly skipped: number;
  readonly rescued: number;
  readonly ignored: number;
}

export type PlayEvent =
  | {
      readonly type: 'run-start';
      readonly playbooks: readonly string[];
      readonly check: boolean;
      readonly diff: boolean;
    }
  | { readonly type: 'playbook-start'; readonly file: string }
  | { readonly type: 'play-start'; readonly name: string; readonly hosts: readonly string[]; readonly where: Where }
  /** No host matched the play's pattern: Ansible's "skipping: no hosts matched". */
  | { readonly type: 'no-hosts'; readonly name: string; readonly where: Where }
  | { readonly type: 'task-start'; readonly task: TaskInfo; readonly hosts: readonly string[] }
  /** A host begins with the task. */
  | { readonly type: 'host-start'; readonly task: TaskInfo; readonly host: string }
  /** The last line that a running command wrote. */
  | { readonly type: 'progress'; readonly task: TaskInfo; readonly host: string; readonly line: string }
  | {
      readonly type: 'retry';
      readonly task: TaskInfo;
      readonly host: string;
      readonly attempt: number;
      readonly retriesLeft: number;
      readonly result: ResultData;
    }
  /** One item of a loop. */
  | {
      readonly type: 'item';
      readonly task: TaskInfo;
      readonly host: string;
      readonly status: Status;
      /** As shown in `(item=…)`. */
      readonly label: string;
      readonly result: ResultData;
      readonly diff: readonly Diff[];
      readonly delegatedTo?: string;
      readonly ignored: boolean;
      /** Why the task could not even be tried, with its place. */
      readonly fault?: Fault;
    }
  | {
      readonly type: 'result';
      readonly task: TaskInfo;
      readonly host: string;
      readonly status: Status;
      readonly result: ResultData;
      readonly diff: readonly Diff[];
      readonly delegatedTo?: string;
      /** A failure that `ignore_errors` (or `ignore_unreachable`) lets pass. */
      readonly ignored: boolean;
      /** The result sums up a loop whose items were shown one by one. */
      readonly loop: boolean;
      readonly seconds: number;
      /** Why the task could not even be tried, with its place. */
      readonly fault?: Fault;
    }
  /** A file was included for hosts: `included: FILE for h1, h2`. */
  | {
      readonly type: 'included';
      readonly task: TaskInfo;
      readonly file: string;
      readonly hosts: readonly string[];
      readonly label?: string;
    }
  /** A note that belongs to no host's result, such as a handler that was notified (-v). */
  | { readonly type: 'note'; readonly level: number; readonly message: string }
  | { readonly type: 'warning'; readonly message: string; readonly where?: Where; readonly hint?: string }
  | { readonly type: 'no-hosts-left' }
  /** `pause` or `--step` waits for the user. */
  | { readonly type: 'prompt'; readonly message: string }
  | {
      readonly type: 'run-end';
      readonly stats: ReadonlyMap<string, HostStats>;
      readonly seconds: number;
      readonly interrupted: boolean;
      /** `set_stats`. */
      readonly custom?: ResultData;
    };

export type Emit = (event: PlayEvent) => void;
