/** A machine that we may log in to: as plays reach it, and as steps of the bake do. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../connection/connection.ts';
import { Session } from '../connection/session.ts';
import { Fault } from '../fault.ts';
import { apply } from '../module/apply.ts';
import type { Outcome } from '../shell/outcome.ts';
import type { Steps } from '../shell/steps.ts';
import { keyFiles } from './ssh-files.ts';
import type { Work } from './work.ts';

export type Address = {
  readonly address: string;
  readonly user: string;
};

/** How to reach the machine: with the run's keys and nothing of the user's own configuration. */
export function targetOf({ address, user }: Address, { run, directory, request }: Work): Target {
  const login = keyFiles(directory, 'login');
  const host = keyFiles(directory, 'host');
  const alias = `playbake-${run}`;
  const knownHosts = join(directory.secrets, 'known_hosts');
  writeFileSync(knownHosts, `${alias} ${host.public}\n`);
  const options = [
    // Two files, so that the first may have blanks in its name.
    `UserKnownHostsFile="${knownHosts}" /dev/null`,
    'GlobalKnownHostsFile=/dev/null',
    `HostKeyAlias=${alias}`,
    'HostKeyAlgorithms=ssh-ed25519',
    'StrictHostKeyChecking=yes',
    'IdentitiesOnly=yes',
    'ServerAliveInterval=15',
  ];
  return {
    name: request.image.name,
    kind: 'ssh',
    address,
    user,
    privateKey: login.file,
    sshArgs: `-F none ${options.map((option) => `-o ${JSON.stringify(option)}`).join(' ')}`,
    hostKeyChecking: true,
    timeout: 15,
  };
}

export class Machine {
  readonly #session: Session;
  readonly #user: string;
  readonly #signal: AbortSignal;
  readonly #cancel = () => void this.#session.cancel();

  /** @param signal ends what runs on the machine over this session, and the session. */
  constructor(target: Target, signal: AbortSignal) {
    this.#session = new Session(target);
    this.#user = target.user ?? 'root';
    this.#signal = signal;
    signal.addEventListener('abort', this.#cancel, { once: true });
  }

  /** Runs steps as root. Throws Faults of the connection; a step that fails is in the outcome. */
  readonly apply = (steps: Steps): Promise<Outcome> => {
    const become = this.#user === 'root' ? undefined : { method: 'sudo', user: 'root' };
    return apply(this.#session, steps, { check: false, diff: false, become });
  };

  /** Logs in, or throws why that cannot be. */
  async greet(): Promise<void> {
    await this.#session.channel();
  }

  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#cancel);
    await this.#session.close();
  }
}

/** A fault of the connection that may pass while a machine boots. */
export function isBooting(error: unknown): error is Fault {
  const codes = ['host-unreachable', 'connection-timeout', 'connection-lost', 'auth-failed', 'host-key-changed'];
  return error instanceof Fault && codes.includes(error.code);
}
