/** Plays the playbook on a machine of the bake. */

import { Fault } from '../fault.ts';
import type { PlayEvent, TaskInfo } from '../play/events.ts';
import type { Mode, PreparedRun, RunOptions } from '../play/options.ts';
import type { Read } from '../play/reads.ts';
import { dict, toPlain, type Value } from '../value/value.ts';
import { type Address, targetOf } from './machine.ts';
import type { Witness } from './witness.ts';
import type { Work } from './work.ts';

export interface PlayOnOptions {
  /** Undefined: the playbook is only looked over, nothing is connected to. */
  readonly machine: Address | undefined;
  readonly mode: Mode;
  readonly check: boolean;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  /** Sees what the play reads and does. */
  readonly witness?: Witness;
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
export async function prepareOn(
  options: PlayOnOptions,
  work: Work,
  emit: (event: PlayEvent) => void,
): Promise<PreparedRun> {
  const { request, signal, secrets } = work;
  const { image } = request;
  const { prepare } = await import('../play/prepare.ts');
  const run: RunOptions = {
    playbooks: [image.playbook],
    inventory: [...request.inventory, ...image.inventory],
    extraVars: [...(image.vars.size > 0 ? [JSON.stringify(toPlain(image.vars))] : []), ...request.extraVars],
    tags: options.tags,
    skipTags: options.skipTags,
    check: options.check,
    diff: false,
    forks: 1,
    verbosity: request.verbosity,
    forceHandlers: false,
    connection: { become: false },
    progress: true,
    mode: options.mode,
    build: { name: image.name, vars: options.machine ? wayTo(options.machine, work) : new Map() },
    ...(options.witness && { onRead: (host: string, read: Read) => options.witness?.read(host, read) }),
    onSecret: (value) => void secrets.add(value),
    emit,
    signal,
  };
  return prepare(run);
}

export async function playOn(options: PlayOnOptions, work: Work): Promise<Played> {
  options.witness?.begin();
  const failed: TaskEnd[] = [];
  const changed: TaskEnd[] = [];
  const prepared = await prepareOn(options, work, (event) => {
    if (event.type === 'result' && !event.ignored) {
      const end: TaskEnd = { task: event.task, message: String(event.result['msg'] ?? '') };
      if (event.status === 'failed' || event.status === 'unreachable') failed.push(end);
      if (event.status === 'changed') changed.push(end);
    }
    options.witness?.see(event);
    work.play(event);
  });
  const code = await prepared.run();
  if (code === 99 || work.signal.aborted) throw new Fault('interrupted', 'the bake was stopped');
  return { code, failed, changed };
}

/** Ansible's connection variables. */
function wayTo(machine: Address, work: Work): ReadonlyMap<Value, Value> {
  const { address, user, privateKey, sshArgs } = targetOf(machine, work);
  return dict({
    ansible_host: address,
    ansible_user: user ?? '',
    ansible_port: 22,
    ansible_ssh_private_key_file: privateKey ?? '',
    ansible_ssh_common_args: sshArgs ?? '',
  });
}
