/** The machines that the benchmark plays on: a sandbox in a home of its own. */

import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RECIPE, USER } from '../src/sandbox/base-image.ts';
import { type Home, homeAt } from '../src/sandbox/home.ts';
import { attempt, run } from '../src/sandbox/run.ts';
import { type MachineStatus, Sandbox } from '../src/sandbox/sandbox.ts';
import { namespaceOf, subnetOf } from '../src/sandbox/subnet.ts';

export class Hosts {
  readonly user = USER;
  readonly #home: Home;
  readonly #sandbox: Sandbox;
  #machines: readonly MachineStatus[] = [];

  constructor(home: string, onProgress: (message: string) => void) {
    this.#home = homeAt(home);
    this.#sandbox = new Sandbox({ home, onProgress });
  }

  get key(): string {
    return this.#home.key;
  }

  get machines(): readonly MachineStatus[] {
    return this.#machines;
  }

  /** Sees to it that so many machines are there. */
  async up(count: number): Promise<void> {
    if (this.#machines.length >= count) return;
    await this.#borrowBase();
    this.#machines = await this.#sandbox.up(count);
  }

  /** Makes the first `count` machines pristine. */
  reset(count: number): Promise<void> {
    return this.#sandbox.reset(this.#machines.slice(0, count).map(({ name }) => name));
  }

  down(): Promise<void> {
    return this.#sandbox.down();
  }

  /** Runs a shell program on a machine as root; gives what it prints. Throws `sandbox-failed`. */
  async ask(name: string, program: string): Promise<string> {
    const [file = 'ssh', ...words] = await this.#sandbox.sshCommand(name, ['sudo', 'sh', '-s']);
    return run([file, ...words], { input: program });
  }

  /** The public host key of a machine: type and key. */
  async hostKey(name: string): Promise<string> {
    const lines = (await readFile(this.#home.knownHosts, 'utf8')).split('\n');
    const line = lines.find((one) => one.startsWith(`${name},`)) ?? '';
    return line.split(' ').slice(1, 3).join(' ');
  }

  /** The network namespace of a machine. */
  async namespace(name: string): Promise<string> {
    return namespaceOf(subnetOf(Number(await readFile(this.#home.index, 'utf8'))), name);
  }

  /** The base image takes a minute to build; that of the user's own sandbox serves as well. */
  async #borrowBase(): Promise<void> {
    const [own, others] = [join(this.#home.bases, RECIPE), join(homeAt().bases, RECIPE)];
    if (existsSync(own) || !existsSync(others)) return;
    await mkdir(dirname(own), { recursive: true });
    await run(['cp', '--archive', '--reflink=auto', others, `${own}.copy`]);
    await rename(`${own}.copy`, own);
  }
}

/** Ends the clients that Ansible leaves behind to keep connections open; `directory` holds their sockets. */
export async function endMasters(directory: string): Promise<void> {
  const list = await attempt(['find', directory, '-type', 's']);
  for (const socket of list.stdout.split('\n').filter(Boolean)) {
    await attempt(['ssh', '-F', 'none', '-o', `ControlPath=${socket}`, '-O', 'exit', 'master']);
  }
}
