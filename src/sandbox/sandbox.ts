/** The embedded default for hosts: real Debian machines on this one, made in seconds and gone without a trace. */

import { existsSync } from 'node:fs';
import { readFile, rm, rmdir } from 'node:fs/promises';
import { platform } from 'node:process';
import { Fault } from '../fault.ts';
import { removeGroup } from './cgroup.ts';
import { inventoryText, knownHostsText, sshWords } from './client-files.ts';
import { stopServer } from './cloud/server-client.ts';
import { ensureDisk, type Pristine, removeDisk, removeUnusedLayers } from './disk.ts';
import { textOf, writeWhole } from './files.ts';
import { exclusively, type FoundationOptions, raise } from './foundation.ts';
import { type Home, homeAt } from './home.ts';
import { inBatches } from './in-batches.ts';
import { layersInUse } from './layers-in-use.ts';
import { consoleOf, createMachine, hostKeyOf, type Machine, readInstances, readMachines } from './machine.ts';
import { type MachineStatus, statusOf } from './machine-status.ts';
import { removeTree, unmountBelow } from './mounts.ts';
import { lowerNetwork } from './network.ts';
import { isRunning, startMachine, stopMachine } from './power.ts';
import { claimedSubnet, releaseSubnet } from './register.ts';
import { type Requirement, requirements } from './requirements.ts';
import { addressOf, LAST_HOST, type Subnet, subnetOf } from './subnet.ts';
import { waitForSsh } from './wait-for-ssh.ts';

export { type MachineStatus, type Requirement, requirements };

export interface SandboxOptions {
  /** Where it keeps its state; by default $PLAYBAKE_SANDBOX, then /var/lib/playbake/sandbox. */
  readonly home?: string;
  /** Called with what is being done, when it takes a while. */
  readonly onProgress?: (message: string) => void;
  /** Ends what is under way, with the Fault `interrupted`. */
  readonly signal?: AbortSignal;
}

/**
 * Every operation throws the Fault `sandbox-unavailable` where the sandbox cannot run, with what is needed and how to
 * get it, and `sandbox-failed` when something went wrong on the way. Operations of two processes on one home wait for
 * each other; each begins by clearing away what a killed one left.
 */
export class Sandbox {
  /** An inventory of the machines in INI form, with the group `ec2_instances`. */
  readonly inventoryFile: string;
  readonly #home: Home;
  readonly #onProgress: (message: string) => void;
  readonly #signal: AbortSignal | undefined;

  constructor({ home, onProgress, signal }: SandboxOptions = {}) {
    this.#home = homeAt(home);
    this.inventoryFile = this.#home.inventory;
    this.#onProgress = onProgress ?? (() => {});
    this.#signal = signal;
  }

  /** Sees to it that web1, web2 … up to `count`, and whatever other machine is there, run. */
  async up(count: number): Promise<readonly MachineStatus[]> {
    if (!Number.isInteger(count) || count < 1 || count > LAST_HOST) {
      throw new Fault('option-invalid', `a sandbox has 1 to ${LAST_HOST} hosts, not ${count}`);
    }
    await this.#exclusively(async (subnet) => {
      const pristine = await raise(this.#home, subnet, this.#foundation());
      const machines = await this.#ensureMachines(count);
      const stopped = machines.filter((machine) => !isRunning(subnet, machine));
      await inBatches(stopped, (machine) => this.#start(subnet, machine, pristine));
      // Machines that a killed run started may still be booting.
      await inBatches(machines, (machine) => this.#answer(subnet, machine));
      await this.#settle(subnet, pristine);
    });
    return this.status();
  }

  /** The machines, by number; none where there is no sandbox. */
  async status(): Promise<readonly MachineStatus[]> {
    const subnet = platform === 'linux' ? await this.#subnet() : undefined;
    if (subnet === undefined) return [];
    const machines = await readMachines(this.#home);
    return Promise.all(machines.map((machine) => statusOf(subnet, machine)));
  }

  /** Gives machines (all by default) a pristine root file system; address and host key stay. */
  async reset(names?: readonly string[]): Promise<void> {
    await this.#exclusively(async (subnet) => {
      const machines = names === undefined ? await readMachines(this.#home) : await this.#named(names);
      const pristine = await raise(this.#home, subnet, this.#foundation());
      await inBatches(machines, async (machine) => {
        await stopMachine(subnet, machine);
        await removeDisk(machine);
        await this.#start(subnet, machine, pristine);
        await this.#answer(subnet, machine);
      });
      await this.#settle(subnet, pristine);
    });
  }

  /** Removes the machines and all that was made for them; the base image stays unless `purge` (false by default). */
  async down({ purge = false }: { readonly purge?: boolean } = {}): Promise<void> {
    if (!existsSync(this.#home.root) && (await this.#subnet()) === undefined) return;
    await stopServer(this.#home);
    await this.#exclusively(async (subnet) => {
      const machines = [...(await readMachines(this.#home)), ...(await readInstances(this.#home))];
      await inBatches(machines, (machine) => stopMachine(subnet, machine));
      await removeGroup(subnet.tag);
      await unmountBelow(this.#home.machines);
      await lowerNetwork(subnet);
      const { machines: folder, inventory, knownHosts, index, bases, settings, key, lock } = this.#home;
      const { cloud, instances, layers, volumes } = this.#home;
      for (const path of [folder, instances, cloud, layers, volumes]) await removeTree(path);
      for (const file of [inventory, knownHosts, index]) await rm(file, { force: true });
      await releaseSubnet(this.#home.root);
      if (!purge) return;
      for (const path of [bases, settings, key, `${key}.pub`, lock]) await removeTree(path);
      // A home may hold files of the user's; then it stays.
      await rmdir(this.#home.root).catch(() => {});
    });
  }

  /** The words of a command that opens a shell on a machine, or runs `command` there. */
  async sshCommand(name: string, command: readonly string[] = []): Promise<readonly string[]> {
    const subnet = await this.#subnet();
    const [machine] = await this.#named([name]);
    if (subnet === undefined || machine === undefined) throw this.#unknown(name, []);
    return sshWords(addressOf(subnet, machine.number), this.#home.key, this.#home.knownHosts, command);
  }

  #exclusively(work: (subnet: Subnet) => Promise<void>): Promise<void> {
    return exclusively(this.#home, this.#foundation(), work);
  }

  #foundation(): FoundationOptions {
    return { onProgress: this.#onProgress, signal: this.#signal };
  }

  async #ensureMachines(count: number): Promise<readonly Machine[]> {
    const there = new Set((await readMachines(this.#home)).map(({ number }) => number));
    const wanted = Array.from({ length: count }, (_, index) => index + 1).filter((number) => !there.has(number));
    await inBatches(wanted, (number) => createMachine(this.#home, `web${number}`, number));
    return readMachines(this.#home);
  }

  async #start(subnet: Subnet, machine: Machine, pristine: Pristine): Promise<void> {
    if (this.#signal?.aborted) return;
    await ensureDisk(this.#home, machine, pristine);
    await startMachine(this.#home, subnet, machine);
  }

  async #answer(subnet: Subnet, machine: Machine): Promise<void> {
    try {
      const alive = () => isRunning(subnet, machine);
      await waitForSsh(addressOf(subnet, machine.number), { alive, signal: this.#signal });
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'sandbox-failed') throw error;
      const said = ((await textOf(consoleOf(machine))) ?? '').trim().split('\n').slice(-3).join('; ');
      const hint = `its console is in ${consoleOf(machine)}`;
      throw new Fault(error.code, `${machine.name}: ${error.message}: ${said}`, { hint, cause: error });
    }
  }

  /** Tells clients what is there now, and removes the layers that nobody needs any more. */
  async #settle(subnet: Subnet, { base, settings }: Pristine): Promise<void> {
    const { inventory, key, knownHosts } = this.#home;
    const machines = await readMachines(this.#home);
    const reachable = await Promise.all(
      machines.map(async (machine) => ({
        name: machine.name,
        address: addressOf(subnet, machine.number),
        hostKey: await readFile(`${hostKeyOf(machine)}.pub`, 'utf8'),
      })),
    );
    await writeWhole(knownHosts, knownHostsText(reachable));
    await writeWhole(inventory, inventoryText(reachable, key, knownHosts));
    await removeUnusedLayers(this.#home, machines, [base, settings, ...(await layersInUse(this.#home))]);
  }

  async #named(names: readonly string[]): Promise<readonly Machine[]> {
    const machines = await readMachines(this.#home);
    return names.map((name) => {
      const machine = machines.find((other) => other.name === name);
      if (machine === undefined) throw this.#unknown(name, machines);
      return machine;
    });
  }

  #unknown(name: string, machines: readonly Machine[]): Fault {
    const there = machines.map((machine) => machine.name).join(', ') || 'none';
    return new Fault('option-invalid', `the sandbox has no machine ${JSON.stringify(name)}; there is: ${there}`, {
      hint: 'run `playbake sandbox up` for more machines',
    });
  }

  /** The subnet that this sandbox has, or had before this machine was booted. */
  async #subnet(): Promise<Subnet | undefined> {
    const claimed = await claimedSubnet(this.#home.root);
    const remembered = await textOf(this.#home.index);
    return claimed ?? (remembered === undefined ? undefined : subnetOf(Number(remembered)));
  }
}
