/** Plays the playbook on a machine of the bake. */

import { Fault } from '../fault.ts';
import type { PlayEvent } from '../play/events.ts';
import type { Mode, PreparedRun } from '../play/options.ts';
import { type MachinePlay, type Played, playMachine, prepareMachinePlay } from '../play/play-machine.ts';
import type { Read } from '../play/reads.ts';
import { toPlain } from '../value/value.ts';
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

/** Everything wrong with the playbook, its variables and its inventory is thrown here, as Faults. */
export function prepareOn(options: PlayOnOptions, work: Work, emit: (event: PlayEvent) => void): Promise<PreparedRun> {
  return prepareMachinePlay(machinePlay(options, work, emit));
}

export async function playOn(options: PlayOnOptions, work: Work): Promise<Played> {
  options.witness?.begin();
  const see = (event: PlayEvent) => {
    options.witness?.see(event);
    work.play(event);
  };
  return playMachine(machinePlay(options, work, see)).catch((error: unknown) => {
    throw error instanceof Fault && error.code === 'interrupted'
      ? new Fault('interrupted', 'the bake was stopped')
      : error;
  });
}

function machinePlay(options: PlayOnOptions, work: Work, emit: (event: PlayEvent) => void): MachinePlay {
  const { request, signal, secrets } = work;
  const { image } = request;
  const { machine, witness, mode, check, tags, skipTags } = options;
  return {
    playbook: image.playbook,
    inventory: [...request.inventory, ...image.inventory],
    extraVars: [...(image.vars.size > 0 ? [JSON.stringify(toPlain(image.vars))] : []), ...request.extraVars],
    ...{ mode, check, tags, skipTags, signal, emit },
    verbosity: request.verbosity,
    name: image.name,
    target: machine && targetOf(machine, work),
    ...(witness && { onRead: (host: string, read: Read) => witness.read(host, read) }),
    onSecret: (value) => void secrets.add(value),
  };
}
