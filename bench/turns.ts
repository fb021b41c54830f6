/** Plays one case: in each round every engine once, in turns, so that whatever else the machine does hits all alike. */

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Case } from './cases.ts';
import { clear, endState } from './end-state.ts';
import type { Engine } from './engines/engine.ts';
import { firstByte } from './first-byte.ts';
import { endMasters, type Hosts } from './hosts.ts';
import { type Cost, measure } from './measure.ts';
import { type Place, placeOf } from './place.ts';
import type { Run } from './results.ts';
import { scalePlace } from './scale-place.ts';
import { openWire } from './wire.ts';

export interface TurnsInput {
  readonly one: Case;
  readonly engines: readonly Engine[];
  readonly rounds: number;
  /** Those that take part in the first round only. */
  readonly once: readonly Engine[];
  readonly hosts: Hosts;
  /** A directory for what the engines need. */
  readonly work: string;
  /** Seconds that a run may take. */
  readonly limit: number;
  readonly say: (line: string) => void;
}

export async function takeTurns(input: TurnsInput): Promise<readonly Run[]> {
  const { engines, once, one, rounds } = input;
  const runs: Run[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const engine of engines.filter((each) => round === 1 || !once.includes(each))) {
      for (const run of await turn(input, engine, round)) {
        runs.push(run);
        input.say(
          `${run.label.padEnd(14)} ${engine.name.padEnd(16)} ${round}/${rounds}  ${run.wall.toFixed(3)} s` +
            `  cpu ${run.cpu.toFixed(2)} s  ${run.peak.toFixed(0)} MB  ${run.state ?? ''}`,
        );
      }
    }
  }
  if (runs.length === 0) input.say(`${one.label}: none of these engines does it`);
  return runs;
}

async function turn(input: TurnsInput, engine: Engine, round: number): Promise<readonly Run[]> {
  const { hosts, one, work } = input;
  const scratch = join(work, 'scratch');
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  if (one.work === 'scale' && engine.name !== 'playbake') return [];
  if (one.work === 'p3') await hosts.reset(one.hosts);
  await clear(one, hosts);
  const wire = one.roundTrip > 0 ? await openWire(await hosts.namespace('web1'), one.roundTrip) : undefined;
  try {
    const named = hosts.machines.slice(0, one.hosts);
    const reached = wire ? named.map(({ name }) => ({ name, address: wire.address })) : named;
    const place = one.work === 'scale' ? await scalePlace(one, hosts, work) : await placeOf(one, hosts, reached, work);
    const labels = one.work === 'p3' ? [`${one.label} first`, `${one.label} again`] : [one.label];
    const runs: Run[] = [];
    for (const label of labels) {
      const cost = await play(input, engine, place);
      if (!cost) return [];
      const { said, ...rest } = cost;
      if (cost.status !== 0)
        input.say(`${label} ${engine.name} failed:\n${said.trim().split('\n').slice(-15).join('\n')}`);
      const state = await endState(one, hosts);
      runs.push({ label, engine: engine.name, round, ...rounded(rest), ...(state !== undefined && { state }) });
    }
    return runs;
  } finally {
    await endMasters(scratch);
    await wire?.close();
  }
}

async function play({ limit, one }: TurnsInput, engine: Engine, place: Place): Promise<Cost | undefined> {
  if (one.work === 'first-byte') return firstByte(engine, place, limit);
  const command = await engine.command(one.work, place);
  return command && measure(command, limit, place.scratch);
}

function rounded({ cpu, peak, status, wall }: Omit<Cost, 'said'>): Omit<Cost, 'said'> {
  const to = (digits: number, value: number) => Number(value.toFixed(digits));
  return { wall: to(3, wall), cpu: to(2, cpu), peak: to(0, peak), status };
}
