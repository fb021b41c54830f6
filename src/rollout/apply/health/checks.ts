/** The fleet's own health checks of an instance, and the playbook's verify tasks on it. */

import type { Instance } from '@aws-sdk/client-ec2';
import type { FleetConfig } from '../../../config/fleet.ts';
import { Gate } from '../../../connection/gate.ts';
import type { PlayEvent } from '../../../play/events.ts';
import { hasTag, type MachinePlay, playMachine, prepareMachinePlay } from '../../../play/play-machine.ts';
import { addressOf } from './address.ts';
import { askByCommand } from './command.ts';
import { httpProbe, type Probe, tcpProbe } from './probe.ts';
import { instanceTarget } from './target.ts';

/** What the verify tasks are told, as the bake of the image was. */
export interface VerifyOptions {
  readonly inventory: readonly string[];
  /** As `-e` takes them. */
  readonly extraVars: readonly string[];
}

export interface ChecksOptions {
  readonly fleet: FleetConfig;
  /** Where known host keys are kept. */
  readonly directory: string;
  readonly verify: VerifyOptions;
}

/** The longest that one question may take, milliseconds. */
const LONGEST = 5000;
/** SSH sessions at the same time. */
const SESSIONS = 20;
const VERIFY = 'verify';

export class Checks {
  readonly #options: ChecksOptions;
  readonly #probes: readonly Probe[];
  readonly #sessions = new Gate(SESSIONS);

  constructor(options: ChecksOptions) {
    this.#options = options;
    const { http, tcp } = options.fleet.health;
    this.#probes = [...(http ? [httpProbe(http)] : []), ...(tcp ? [tcpProbe(tcp)] : [])];
  }

  /** One look, without and with the command. Why it is not healthy; undefined: it is. */
  async look(id: string, instance: Instance, signal: AbortSignal): Promise<string | undefined> {
    const why = await this.ask(instance, signal);
    const { command } = this.#options.fleet.health;
    return why ?? (command === undefined ? undefined : this.#ask(id, instance, command, signal));
  }

  /** Whether SSH lets us in. */
  async reach(id: string, instance: Instance, signal: AbortSignal): Promise<string | undefined> {
    return this.#ask(id, instance, ':', signal);
  }

  /** The checks that need nobody to log in: port and page. */
  async ask(instance: Instance, signal: AbortSignal): Promise<string | undefined> {
    if (this.#probes.length === 0) return undefined;
    const address = addressOf(instance, this.#options.fleet);
    if (address === undefined) return 'it has no address';
    const answers = await Promise.all(this.#probes.map((probe) => probe(address, LONGEST, signal)));
    return answers.find((why) => why !== undefined);
  }

  /** Runs the tasks tagged `verify`, where there are any. Which one failed, and why; undefined: all is well. */
  async verify(
    id: string,
    instance: Instance,
    signal: AbortSignal,
    emit: (event: PlayEvent) => void,
  ): Promise<string | undefined> {
    const { fleet, directory, verify } = this.#options;
    const playbook = fleet.health.verify;
    const address = addressOf(instance, fleet);
    if (playbook === undefined || fleet.ssh === undefined || address === undefined) return undefined;
    const options: MachinePlay = {
      ...{ playbook, emit, signal },
      inventory: verify.inventory,
      extraVars: verify.extraVars,
      tags: [VERIFY],
      skipTags: [],
      mode: 'live',
      check: false,
      verbosity: 0,
      name: id,
      target: instanceTarget(id, address, fleet.ssh, directory),
    };
    if (!hasTag(await prepareMachinePlay({ ...options, emit: () => {} }), VERIFY)) return undefined;
    const { code, failed } = await this.#sessions.through(() => playMachine(options));
    if (code === 0) return undefined;
    const last = failed.at(-1);
    return last ? `${last.task.name}${last.message && `: ${last.message}`}` : 'the playbook fails';
  }

  async #ask(id: string, instance: Instance, command: string, signal: AbortSignal): Promise<string | undefined> {
    const { fleet, directory } = this.#options;
    const address = addressOf(instance, fleet);
    if (fleet.ssh === undefined || address === undefined) return 'it has no address for SSH';
    const target = instanceTarget(id, address, fleet.ssh, directory);
    return this.#sessions.through(() => askByCommand(target, command, signal));
  }
}
