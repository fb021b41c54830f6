/** `bake list` and `bake sweep`. */

import { type Leftover, leftoversIn, runMeant, strayRuns, sweep } from '../bake/leftovers.ts';
import { chooseCloud } from '../cloud/choose-cloud.ts';
import type { Cloud } from '../cloud/cloud.ts';
import type { Config } from '../config/config.ts';
import type { Fault } from '../fault.ts';
import type { BakeReporter } from '../report/bake-reporter.ts';
import { faultsText } from '../report/fault.ts';
import { exitCodeOf } from './exit-code.ts';
import { ensureCloud } from './sandbox-cloud.ts';
import type { Session } from './session.ts';

export interface ListOptions {
  readonly config: Config;
  readonly project: string;
  /** Asks the cloud too. */
  readonly all: boolean;
  readonly json: boolean;
}

export async function listRuns({ config, project, all, json }: ListOptions, session: Session): Promise<number> {
  const { screen } = session;
  const runs = [...leftoversIn(project), ...(all ? await strays(config, project, session) : [])];
  if (json) screen.out(`${JSON.stringify(runs.map(shown), null, 2)}\n`);
  else if (runs.length === 0)
    screen.out(`No run has left anything${all ? '' : ' that is known here; --all asks the cloud'}.\n`);
  else screen.out(runs.map(text).join(''));
  return 0;
}

export interface SweepVerbOptions {
  readonly config: Config;
  readonly project: string;
  readonly run: string | undefined;
  readonly all: boolean;
}

export async function sweepRuns(options: SweepVerbOptions, reporter: BakeReporter, session: Session): Promise<number> {
  const { config, project, run, all } = options;
  const { screen, signal } = session;
  const cloud = await chooseCloud(config, () => ensureCloud(session));
  try {
    const runs = await runsMeant(options, cloud);
    const faults: Fault[] = [];
    for (const one of runs) {
      faults.push(...(await sweep(one, { project, cloud, signal, emit: (event) => reporter.emit(event) })));
    }
    await reporter.close();
    if (runs.length === 0)
      screen.out(`Nothing is left${all || run !== undefined ? '' : ' that is known here; --all asks the cloud'}.\n`);
    if (faults.length > 0) screen.err(faultsText(faults, screen));
    return faults.length > 0 ? exitCodeOf(faults) : 0;
  } finally {
    cloud.close();
  }
}

/** One that is named may seem alive: who names it knows better, unless its process is here. */
async function runsMeant({ config, project, run, all }: SweepVerbOptions, cloud: Cloud): Promise<readonly Leftover[]> {
  const here = leftoversIn(project);
  const mine = here.filter(({ alive }) => !alive);
  if (run === undefined && !all) return mine;
  const runs = [
    ...(all ? mine : here),
    ...(await strayRuns(project, cloud, regionsOf(config))).filter(({ alive }) => !all || !alive),
  ];
  return run === undefined ? runs : [runMeant(run, runs)];
}

/** Where images are copied to. */
function regionsOf({ images }: Config): readonly string[] {
  return [...images.values()].flatMap(({ regions }) => regions);
}

async function strays(config: Config, project: string, session: Session): Promise<readonly Leftover[]> {
  const cloud = await chooseCloud(config, () => ensureCloud(session));
  try {
    return await strayRuns(project, cloud, regionsOf(config));
  } finally {
    cloud.close();
  }
}

function text({ run, image, started, alive, step, left, journal }: Leftover): string {
  const state = alive ? 'at work' : step === undefined ? 'not cleaned up' : `ended in the step "${step}"`;
  const when = started === undefined ? '' : `, begun ${started}`;
  const things = left.map(
    ({ resource }) =>
      `  ${resource.kind.replace('-', ' ')} ${resource.id ?? `(${resource.name})`} in ${resource.region}\n`,
  );
  const how = journal ? '' : ', by its tags';
  return `${run}  ${image}  ${state}${when}${how}\n${things.join('')}`;
}

function shown({ left, ...run }: Leftover): object {
  return { ...run, left: left.map(({ resource }) => resource) };
}
