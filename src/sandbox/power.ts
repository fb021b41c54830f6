/** Starting and stopping one machine. */

import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGroup, inGroup, isPopulated, processesOf, removeGroup } from './cgroup.ts';
import { mountDisk } from './disk.ts';
import { textOf } from './files.ts';
import type { Home } from './home.ts';
import { consoleOf, type Machine, rootOf } from './machine.ts';
import { unmountBelow } from './mounts.ts';
import { createNamespace, removeNamespace } from './network.ts';
import { forgetContainer, nspawn } from './nspawn.ts';
import { commandEnvironment } from './run.ts';
import { groupOf, namespaceOf, type Subnet } from './subnet.ts';

/** systemd-nspawn ends with 133 when the machine asked for a reboot, and with 0 when it powered itself off. */
const BOOT =
  'end=$1; shift; status=133; while [ $status = 133 ]; do status=0; "$@" || status=$?; done; echo $status >"$end"';

/** Signals by which systemd, as the init of a container, takes orders; see systemd(1). */
const FIRST_REALTIME = 34;
const POWER_OFF = FIRST_REALTIME + 4;
const REBOOT = FIRST_REALTIME + 5;

export interface BootOptions {
  /** The machine's name by default. */
  readonly hostname?: string;
  /** Gives it a terminal as its /dev/console, on which nobody types; without, only what its init says is kept. */
  readonly terminal?: boolean;
  /** What it finds read-only: places in it, and files and folders of this machine. */
  readonly binds?: Readonly<Record<string, string>>;
  /** What it finds and may write, with all that is mounted there later: places in it, and folders of this machine. */
  readonly shared?: Readonly<Record<string, string>>;
}

/** Boots a stopped machine that has a disk, as a process of no terminal that outlives this one. */
export async function startMachine(
  home: Home,
  subnet: Subnet,
  machine: Machine,
  { hostname = machine.name, terminal = false, binds = {}, shared = {} }: BootOptions = {},
): Promise<void> {
  await removeGroup(groupOf(subnet, machine.name));
  await createNamespace(subnet, machine.name, machine.number);
  await mountDisk(home, machine);
  const group = await createGroup(groupOf(subnet, machine.name));
  const container = { root: rootOf(machine), name: hostname, namespace: namespaceOf(subnet, machine.name) };
  const bound = Object.entries(binds).map(([inside, here]) => `--bind-ro=${here}:${inside}`);
  const writable = Object.entries(shared).map(([inside, here]) => `--bind=${here}:${inside}`);
  const console = `--console=${terminal ? 'read-only' : 'pipe'}`;
  const boot = nspawn(container, [console, ...bound, ...writable, '--boot', '--kill-signal=SIGRTMIN+3']);
  await rm(endOf(machine), { force: true });
  const [file, ...args] = inGroup(group, ['sh', '-c', BOOT, 'sh', endOf(machine), ...boot]);
  const output = await open(consoleOf(machine), 'w');
  try {
    // The network settings below /proc/sys are the machine's own; nspawn would make them read-only.
    const environment = { ...commandEnvironment(), SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'network' };
    const child = spawn(file, args, {
      cwd: '/',
      env: environment,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    child.on('error', () => {});
    await entered(child, subnet, machine);
    child.unref();
  } finally {
    await output.close();
  }
}

/** Until the new process is in the machine's group, nobody can tell that the machine runs. */
async function entered(child: ChildProcess, subnet: Subnet, machine: Machine): Promise<void> {
  while (!isRunning(subnet, machine)) {
    if (child.pid === undefined || child.exitCode !== null) return;
    await sleep(5);
  }
}

/** Ends a machine as if its power were cut, and takes its mount and its network away. */
export async function stopMachine(subnet: Subnet, machine: Machine): Promise<void> {
  await removeGroup(groupOf(subnet, machine.name));
  await forgetContainer({ root: rootOf(machine), namespace: namespaceOf(subnet, machine.name) });
  await unmountBelow(rootOf(machine));
  await removeNamespace(subnet, machine.name);
}

/**
 * Asks a machine to power itself off, and cuts its power when it has not after `patience` milliseconds, or when the
 * signal says so; takes its mount and its network away too.
 */
export async function shutDown(
  subnet: Subnet,
  machine: Machine,
  { patience, signal }: { readonly patience: number; readonly signal: AbortSignal },
): Promise<void> {
  const end = Date.now() + patience;
  // An init that has only begun does not hear the first time.
  for (let asked = 0; isRunning(subnet, machine) && Date.now() < end && !signal.aborted; await sleep(50)) {
    if (Date.now() - asked < 2000) continue;
    asked = Date.now();
    await signalInit(subnet, machine, POWER_OFF);
  }
  await stopMachine(subnet, machine);
}

/** Asks a running machine to reboot; its processes here are the same ones after that. */
export async function reboot(subnet: Subnet, machine: Machine): Promise<void> {
  await signalInit(subnet, machine, REBOOT);
}

async function signalInit(subnet: Subnet, machine: Machine, signal: number): Promise<void> {
  const init = await initOf(subnet, machine);
  if (init === undefined) return;
  try {
    kill(init, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** The exit status of a machine's last run: 0 when it powered itself off; undefined when it runs, or was cut short. */
export async function endStatus(machine: Machine): Promise<number | undefined> {
  const text = await textOf(endOf(machine));
  return text === undefined ? undefined : Number(text);
}

function endOf(machine: Machine): string {
  return join(machine.folder, 'ended');
}

export function isRunning(subnet: Subnet, machine: Machine): boolean {
  return isPopulated(groupOf(subnet, machine.name));
}

/** Seconds since the machine's last boot; undefined when it is not up. */
export async function uptimeOf(subnet: Subnet, machine: Machine): Promise<number | undefined> {
  const init = await initOf(subnet, machine);
  if (init === undefined) return undefined;
  const stat = await readFile(`/proc/${init}/stat`, 'utf8').catch(() => '');
  const uptime = await readFile('/proc/uptime', 'utf8');
  // Field 22 of proc(5), counted after the command's name, which may hold blanks; 100 ticks a second on every Linux.
  const started = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) / 100;
  return Math.max(0, Number.parseFloat(uptime) - started);
}

/** The process that is the init of a machine; undefined when it is not up. */
export async function initOf(subnet: Subnet, machine: Machine): Promise<number | undefined> {
  for (const id of processesOf(groupOf(subnet, machine.name))) {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    // Of its own namespace the first, and of none below it.
    if (/^NSpid:\t\d+\t1$/m.test(status)) return id;
  }
  return undefined;
}
