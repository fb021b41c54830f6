/** All playbooks of a run, one after the other, and how it ended. */

import { Fault } from '../fault.ts';
import type { Playbook } from '../playbook/types.ts';
import { toPlain } from '../value/value.ts';
import type { HostStats, ResultData } from './events.ts';
import { installFirstBoot } from './first-boot/install.ts';
import type { ExitCode } from './options.ts';
import { runPlay } from './run-play.ts';
import type { World } from './world.ts';

/** Throws Faults that end a run (a vars file that is nowhere, a handler that does not exist); the recap is emitted all the same. */
export async function runPlaybooks(world: World, playbooks: readonly Playbook[]): Promise<ExitCode> {
  const { options, emit, sessions } = world;
  const started = performance.now();
  emit({ type: 'run-start', playbooks: options.playbooks, check: options.check, diff: options.diff });
  const cancel = () => void sessions.cancel();
  options.signal.addEventListener('abort', cancel, { once: true });
  try {
    await playAll(world, playbooks);
    await installFirstBoot(world);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'interrupted') throw error;
  } finally {
    options.signal.removeEventListener('abort', cancel);
    await sessions.close();
    emit({
      type: 'run-end',
      stats: statsOf(world),
      seconds: (performance.now() - started) / 1000,
      interrupted: options.signal.aborted,
      ...(world.custom.size > 0 && { custom: toPlain(world.custom) as ResultData }),
    });
  }
  return exitCode(world);
}

async function playAll(world: World, playbooks: readonly Playbook[]): Promise<void> {
  for (const playbook of playbooks) {
    world.emit({ type: 'playbook-start', file: playbook.file });
    for (const play of playbook.plays) {
      if (world.options.signal.aborted) return;
      if (!(await runPlay(world, play))) return;
    }
  }
}

/** Hosts that took part, by name, as Ansible's recap sorts them. */
function statsOf(world: World): ReadonlyMap<string, HostStats> {
  const taken = world.hosts.all().filter(({ stats }) => Object.values(stats).some((count) => count > 0));
  return new Map(taken.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, stats }) => [name, { ...stats }]));
}

function exitCode(world: World): ExitCode {
  if (world.options.signal.aborted) return 99;
  const hosts = world.hosts.all();
  if (hosts.some((host) => host.unreachable)) return 4;
  return hosts.some((host) => host.failed) ? 2 : 0;
}
