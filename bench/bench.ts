/** `npm run bench`: playbake beside the others on the same machines, in turns. See README.md. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../src/fault.ts';
import type { Engine } from './engines/engine.ts';
import { ENGINES } from './engines/index.ts';
import { Hosts } from './hosts.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { keepRuns, type Run } from './results.ts';
import { MACHINES } from './scale-place.ts';
import { scaleTable, timesTable } from './table.ts';
import { takeTurns } from './turns.ts';
import { writeReadme } from './write-readme.ts';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function bench({ cases, engines, home, keep, limit, once, rounds, write }: Options): Promise<void> {
  const able = await ableOf(engines);
  const hosts = new Hosts(home, say);
  const work = join(home, 'bench');
  await mkdir(work, { recursive: true });
  const runs: Run[] = [];
  try {
    for (const one of cases) {
      await hosts.up(one.work === 'scale' ? Math.min(one.hosts, MACHINES) : one.hosts);
      const fresh = await takeTurns({ one, engines: able, once, rounds, hosts, work, limit, say });
      runs.push(...fresh);
      if (!write) continue;
      const results = await keepRuns(join(import.meta.dirname, 'results.json'), fresh);
      await writeReadme(import.meta.dirname, results);
    }
  } finally {
    if (!keep) await hosts.down();
  }
  const names = ENGINES.map(({ name }) => name);
  if (runs.some(({ label }) => !label.startsWith('scale'))) process.stdout.write(`${timesTable(runs, names)}\n`);
  if (runs.some(({ label }) => label.startsWith('scale'))) process.stdout.write(`${scaleTable(runs)}\n`);
}

async function ableOf(engines: readonly Engine[]): Promise<readonly Engine[]> {
  const able: Engine[] = [];
  for (const engine of engines) {
    const lacks = await engine.lacks();
    if (lacks === undefined) able.push(engine);
    else say(`${engine.name} is left out: ${lacks}`);
  }
  return able;
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options) await bench(options);
  else process.stdout.write(USAGE);
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  say(`ERROR! ${error.message}${error.hint === undefined ? '' : `\n${error.hint}`}`);
  process.exitCode = 2;
}
