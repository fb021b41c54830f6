/** Starting and stopping one machine. */

import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGroup, inGroup, processesOf, removeGroup } from './cgroup.ts';
import { mountDisk } from './disk.ts';
import type { Home } from './home.ts';
import { consoleOf, type Machine, rootOf } from './machine.ts';
import { unmountBelow } from './mounts.ts';
import { createNamespace, removeNamespace } from './network.ts';
import { forgetContainer, nspawn } from './nspawn.ts';
import { commandEnvironment } from './run.ts';
import { groupOf, namespaceOf, type Subnet } from './subnet.ts';

/** systemd-nspawn ends with 133 when the machine asked for a reboot. */
const BOOT = 'status=133; while [ $status = 133 ]; do status=0; "$@" || status=$?; done; exit $status';

/** Boots a stopped machine that has a disk, as a process of no terminal that outlives this one. */
export async function startMachine(home: Home, subnet: Subnet, machine: Machine): Promise<void> {
  await removeGroup(groupOf(subnet, machine.name));
  await createNamespace(subnet, machine.name, machine.number);
  await mountDisk(home, machine);
  const group = await createGroup(groupOf(subnet, machine.name));
  const container = { root: rootOf(machine), name: machine.name, namespace: namespaceOf(subnet, machine.name) };
  const boot = nspawn(container, ['--console=pipe', '--boot', '--kill-signal=SIGRTMIN+3']);
  const [file, ...args] = inGroup(group, ['sh', '-c', BOOT, 'sh', ...boot]);
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

export function isRunning(subnet: Subnet, machine: Machine): boolean {
  return processesOf(groupOf(subnet, machine.name)).length > 0;
}

/** Seconds since the machine's last boot; undefined when it is not up. */
export async function uptimeOf(subnet: Subnet, machine: Machine): Promise<number | undefined> {
  for (const id of processesOf(groupOf(subnet, machine.name))) {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    if (!/^NSpid:.*\t1$/m.test(status)) continue;
    const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
    const uptime = await readFile('/proc/uptime', 'utf8');
    // Field 22 of proc(5), counted after the command's name, which may hold blanks; 100 ticks a second on every Linux.
    const started = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) / 100;
    return Math.max(0, Number.parseFloat(uptime) - started);
  }
  return undefined;
}
