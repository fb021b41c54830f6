/** A playbook on one machine that no inventory has: one that an image is made on, or an instance of a fleet. */

import type { Target } from '../connection/connection.ts';
import { Fault } from '../fault.ts';
import { dict, type Value } from '../value/value.ts';
import type { PlayEvent, TaskInfo } from './events.ts';
import type { Mode, PreparedRun, RunOptions } from './options.ts';
import type { Read } from './reads.ts';

export interface MachinePlay {
  readonly playbook: string;
  readonly inventory: readonly string[];
  readonly extraVars: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly mode: Mode;
  readonly check: boolean;
  readonly verbosity: number;
  /** The machine's name; it is in every group that the plays name. */
  readonly name: string;
  /** Undefined: the playbook is only looked over, nothing is connected to. */
  readonly target: Target | undefined;
  readonly onRead?: (host: string, read: Read) => void;
  readonly onSecret?: (value: string) => void;
  readonly emit: (event: PlayEvent) => void;
  readonly signal: AbortSignal;
}

export interface TaskEnd {
  readonly task: TaskInfo;
  readonly message: string;
}

export interface Played {
  readonly code: number;
  readonly failed: readonly TaskEnd[];
  readonly changed: readonly TaskEnd[];
}

/** Everything wrong with the playbook, its variables and its inventory is thrown here, as Faults. */
export async function prepareMachinePlay(given: MachinePlay): Promise<PreparedRun> {
  const { prepare } = await import('./prepare.ts');
  const { playbook, name, target, onRead, onSecret, ...rest } = given;
  const options: RunOptions = {
    ...rest,
    playbooks: [playbook],
    diff: false,
    forks: 1,
    forceHandlers: false,
    connection: { become: false },
    progress: true,
    build: { name, vars: target ? wayTo(target) : new Map() },
    ...(onRead && { onRead }),
    ...(onSecret && { onSecret }),
  };
  return prepare(options);
}

/** Throws `interrupted` too; tasks that fail are in the answer. */
export async function playMachine(options: MachinePlay): Promise<Played> {
  const failed: TaskEnd[] = [];
  const changed: TaskEnd[] = [];
  const emit = (event: PlayEvent) => {
    if (event.type === 'result' && !event.ignored) {
      const end: TaskEnd = { task: event.task, message: String(event.result['msg'] ?? '') };
      if (event.status === 'failed' || event.status === 'unreachable') failed.push(end);
      if (event.status === 'changed') changed.push(end);
    }
    options.emit(event);
  };
  const prepared = await prepareMachinePlay({ ...options, emit });
  const code = await prepared.run();
  if (code === 99 || options.signal.aborted) throw new Fault('interrupted', 'the run was stopped');
  return { code, failed, changed };
}

/** Whether any task has the tag. */
export function hasTag({ plays }: PreparedRun, tag: string): boolean {
  return plays.some((book) => book.plays.some(({ tasks }) => tasks.some(({ tags }) => tags.includes(tag))));
}

/** Ansible's connection variables. */
function wayTo({ address, user, port = 22, privateKey, sshArgs }: Target): ReadonlyMap<Value, Value> {
  return dict({
    ansible_host: address,
    ansible_user: user ?? '',
    ansible_port: port,
    ansible_ssh_private_key_file: privateKey ?? '',
    ansible_ssh_common_args: sshArgs ?? '',
  });
}
