/**
 * How long the plan of a large fleet takes, and how much memory: the simulator by itself, for each strategy, and
 * `rollout plan` as a user runs it, against the sandbox's API with as many instances as given.
 *
 *     npx tsx bench/rollout-plan.ts [INSTANCES]        # default: 1000
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { StrategyConfig } from '../src/config/fleet.ts';
import { planFleet } from '../src/rollout/plan/plan-fleet.ts';
import { startProject } from '../test/rollout/support/project.ts';
import { fleetOf, World, withVolumes } from '../test/rollout/support/world.ts';

const COUNT = Number(process.argv[2] ?? 1000);

const STRATEGIES: Readonly<Record<string, Partial<StrategyConfig>>> = {
  'rolling, 1 at a time': {},
  'rolling, 25% and 25%': { maxSurge: '25%', maxUnavailable: '25%' },
  'rolling, in place': { maxSurge: 0, maxUnavailable: 7 },
  'canary of 10, then 5 at a time': { type: 'canary', canary: 10, maxSurge: 5, checkpoints: [10, 50, 100] },
  'blue/green': { type: 'blue_green', bakeTime: 60_000 },
  'rolling, data volumes': { maxUnavailable: 1 },
};

process.stdout.write(
  `${COUNT} instances\n\nplan and proof, milliseconds of processor time (the first and the median of 5)\n`,
);
for (const [name, strategy] of Object.entries(STRATEGIES)) {
  const volumes = name.includes('volumes') ? withVolumes : {};
  const world = World.running(fleetOf(COUNT, volumes, strategy)).bake('ami-2');
  const [fleet, state, seen] = [world.fleet, world.state(), world.seen()];
  const times = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage();
    planFleet({ fleet, goal: { kind: 'config' }, state, seen, rollout: 'r' });
    const { user, system } = process.cpuUsage(start);
    return Math.round((user + system) / 1000);
  });
  const median = times.toSorted((a, b) => a - b)[2];
  process.stdout.write(`  ${name.padEnd(32)} ${String(times[0]).padStart(6)} ${String(median).padStart(6)}\n`);
}

const directory = mkdtempSync(join(tmpdir(), 'playbake-bench-'));
const project = await startProject(directory);
try {
  const image = project.image('1');
  project.config(`fleets:\n  web: { image: app, count: ${COUNT} }\n`);
  const { Subnets = [] } = await project.cloud.ec2().describeSubnets({});
  const launch = (slot: number) => {
    const tags = { 'playbake:fleet': 'web', 'playbake:slot': String(slot) };
    return project.cloud.ec2().runInstances({
      ...{ ImageId: image, InstanceType: 't3.small', MinCount: 1, MaxCount: 1 },
      SubnetId: Subnets[slot % Subnets.length]?.SubnetId ?? '',
      TagSpecifications: [
        { ResourceType: 'instance', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
      ],
    });
  };
  for (let slot = 0; slot < COUNT; slot += 50) {
    await Promise.all(Array.from({ length: Math.min(50, COUNT - slot) }, (_, index) => launch(slot + index)));
  }
  await project.server.cloud.idle();
  await rollout('import', '--all');
  project.image('2');
  process.stdout.write('\nrollout plan as a program: seconds, of these on the processor, and the most memory in MB\n');
  for (let run = 0; run < 5; run += 1) {
    const { seconds, processor, memory, text } = await rollout('plan');
    const [plan] = /Plan: .*/.exec(text) ?? [];
    process.stdout.write(
      `  ${seconds.toFixed(2)} s  ${processor.toFixed(2)} s  ${memory} MB  ${text.split('\n').length} lines  ${plan}\n`,
    );
  }
} finally {
  await project.stop();
  rmSync(directory, { recursive: true, force: true });
}

/** Runs the bin as built, beside this process, which is the cloud. */
async function rollout(...args: readonly string[]) {
  const start = performance.now();
  const child = spawn(process.execPath, [resolve(import.meta.dirname, '../bin/rollout.js'), ...args], {
    cwd: directory,
  });
  let [text, errors, memory, processor] = ['', '', 0, 0];
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    errors += more;
  });
  const watch = setInterval(() => {
    memory = Math.max(memory, peakOf(child.pid));
    processor = Math.max(processor, processorOf(child.pid));
  }, 10);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  clearInterval(watch);
  if (code !== 0) throw new Error(`rollout ${args.join(' ')} ended with ${code}: ${errors}`);
  return { seconds: (performance.now() - start) / 1000, processor, memory: Math.round(memory / 1024), text };
}

/** The most memory that a process has had, in KiB; 0 where it has ended. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Seconds that a process was on a processor; the kernel counts hundredths. */
function processorOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}
