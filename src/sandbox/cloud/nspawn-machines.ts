/** The machines of instances: systemd-nspawn, as for the hosts of `sandbox up`. */

import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../fault.ts';
import { groupsIn } from '../cgroup.ts';
import { namesIn, textOf, writeWhole } from '../files.ts';
import type { Home } from '../home.ts';
import { consoleOf, type Machine, rootOf } from '../machine.ts';
import { removeTree } from '../mounts.ts';
import { namespacesOf } from '../network.ts';
import { endStatus, initOf, isRunning, reboot, shutDown, startMachine, stopMachine } from '../power.ts';
import type { Subnet } from '../subnet.ts';
import { loadFirewall } from './firewall.ts';
import { hostnameOf, SEED, seedOf } from './first-boot.ts';
import type { InstanceRecord } from './instance-record.ts';
import type { Machines } from './machines.ts';
import { mountVolume, mountVolumes, unmountVolume, VOLUMES, type VolumePlace } from './volume-mounts.ts';

export interface NspawnOptions {
  readonly home: Home;
  readonly subnet: Subnet;
  /** Lines that a machine's /etc/hosts needs to reach the world from here. */
  readonly hosts: readonly string[];
  /** Milliseconds that a machine may take to shut down before its power is cut. */
  readonly patience?: number;
}

/** Of init, to be seen after a start; milliseconds. */
const LONGEST_START = 60_000;

export class NspawnMachines implements Machines {
  readonly #home: Home;
  readonly #subnet: Subnet;
  readonly #hosts: readonly string[];
  readonly #patience: number;
  readonly #shuttingDown = new Map<string, { readonly hurry: AbortController; readonly done: Promise<void> }>();

  constructor({ home, subnet, hosts, patience = 90_000 }: NspawnOptions) {
    this.#home = home;
    this.#subnet = subnet;
    this.#hosts = hosts;
    this.#patience = patience;
  }

  readonly start = async (instance: InstanceRecord): Promise<void> => {
    const machine = this.#machine(instance.id, instance.number);
    if (!isRunning(this.#subnet, machine)) {
      await mkdir(machine.folder, { recursive: true });
      // Whoever clears this machine up must know the folder before anything outside of it is there.
      await writeWhole(join(machine.folder, 'number'), `${instance.number}\n`);
      await this.#ensureDisk(machine, instance.layers);
      const hostname = hostnameOf(instance.address);
      const binds = await this.#plantSeed(machine, instance);
      const shared = { [VOLUMES]: await mountVolumes(this.#home, instance) };
      await startMachine(this.#home, this.#subnet, machine, { hostname, terminal: true, binds, shared });
    }
    await this.#up(machine);
  };

  readonly stop = async (id: string, { force }: { readonly force: boolean }): Promise<void> => {
    const going = this.#shuttingDown.get(id);
    if (going !== undefined) {
      if (force) going.hurry.abort();
      return going.done;
    }
    const machine = this.#machine(id);
    if (force) return stopMachine(this.#subnet, machine);
    const hurry = new AbortController();
    const done = shutDown(this.#subnet, machine, { patience: this.#patience, signal: hurry.signal });
    this.#shuttingDown.set(id, { hurry, done });
    await done.finally(() => this.#shuttingDown.delete(id));
  };

  readonly reboot = (id: string): Promise<void> => reboot(this.#subnet, this.#machine(id));

  readonly filter = loadFirewall;

  readonly attach = (id: string, place: VolumePlace): Promise<void> => mountVolume(this.#home, id, place);

  readonly detach = (id: string, { device }: VolumePlace): Promise<void> => unmountVolume(this.#home, id, device);

  readonly remove = async (id: string): Promise<void> => {
    const machine = this.#machine(id);
    await stopMachine(this.#subnet, machine);
    await removeTree(machine.folder);
  };

  readonly isRunning = (id: string): boolean => isRunning(this.#subnet, this.#machine(id));

  readonly ending = async (id: string): Promise<'off' | 'cut'> => {
    return (await endStatus(this.#machine(id))) === 0 ? 'off' : 'cut';
  };

  /** Looks for the listening socket: packets of this machine may be kept out by the instance's security groups. */
  readonly answers = async (id: string): Promise<boolean> => {
    const init = await initOf(this.#subnet, this.#machine(id));
    if (init === undefined) return false;
    const tables = await Promise.all(['tcp', 'tcp6'].map((name) => textOf(`/proc/${init}/net/${name}`)));
    // Local port 22 in state LISTEN; see proc(5).
    return tables.some((table) => /^ *\d+: [0-9A-F]+:0016 [0-9A-F]+:0000 0A /m.test(table ?? ''));
  };

  readonly console = async (id: string): Promise<Buffer> => {
    return readFile(consoleOf(this.#machine(id))).catch(() => Buffer.alloc(0));
  };

  readonly all = async (): Promise<readonly string[]> => {
    const names = [
      ...(await namesIn(this.#home.instances)),
      ...groupsIn(this.#subnet.tag),
      ...(await namespacesOf(this.#subnet)),
    ];
    return [...new Set(names.filter((name) => name.startsWith('i-')))];
  };

  /** The number matters only for a start. */
  #machine(id: string, number = 0): Machine {
    return { name: id, number, folder: join(this.#home.instances, id) };
  }

  /** Whole or not there, whenever we are killed. */
  async #ensureDisk(machine: Machine, layers: readonly string[]): Promise<void> {
    const disk = join(machine.folder, 'disk');
    if (existsSync(disk)) return;
    const missing = layers.find((layer) => !existsSync(join(this.#home.root, layer)));
    if (missing !== undefined || layers.length === 0) {
      throw new Fault('sandbox-failed', `the disk of ${machine.name} has no layer ${missing ?? 'at all'}`);
    }
    const fresh = `${disk}.new`;
    await removeTree(fresh);
    await writeWhole(join(fresh, 'layers'), `${layers.join('\n')}\n`);
    await mkdir(join(fresh, 'upper'));
    await chmod(join(fresh, 'upper'), 0o755);
    await rename(fresh, disk);
  }

  /** Writes what the machine finds below /run, anew for every start; answers with the places. */
  async #plantSeed(machine: Machine, instance: InstanceRecord): Promise<Readonly<Record<string, string>>> {
    const folder = join(machine.folder, 'seed');
    const { files, placed } = seedOf(instance, this.#hosts);
    await removeTree(folder);
    await mkdir(folder, { mode: 0o700 });
    for (const [name, content] of files) await writeFile(join(folder, name), content, { mode: 0o600 });
    const places = Object.entries(placed).map(([name, inside]) => [inside, join(folder, name)]);
    return { [SEED]: folder, ...Object.fromEntries(places) };
  }

  async #up(machine: Machine): Promise<void> {
    const end = Date.now() + LONGEST_START;
    while ((await initOf(this.#subnet, machine)) === undefined) {
      if (!isRunning(this.#subnet, machine) || Date.now() > end) {
        const said = ((await textOf(consoleOf(machine))) ?? '').trim().split('\n').slice(-3).join('; ');
        throw new Fault('sandbox-failed', `the machine at ${rootOf(machine)} does not come up: ${said}`);
      }
      await sleep(20);
    }
  }
}
