/** `rollout apply [PLANFILE]`: what is planned is done. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { State } from '../../rollout/state/state.ts';
import { append, parseOptions } from '../parse-options.ts';
import type { Verb } from '../session.ts';
import { approved } from './approve.ts';
import { fleetsMeant } from './fleets-meant.ts';
import { freshPlan } from './fresh-plan.ts';
import { resumeAll } from './resume.ts';
import { rolloutCommand } from './rollout-command.ts';
import { doAll, type Held, holding, planNow, type RolloutOptions } from './rollout-session.ts';
import { showPlan } from './show-plan.ts';
import { withTwoDashes } from './two-dashes.ts';

export const apply: Verb = async (args, session) => {
  const command = applyCommand();
  if (!parseOptions(command, withTwoDashes(command, args), session.screen.out)) return 0;
  const options = command.opts<RolloutOptions>();
  const [word] = command.args;
  const file =
    word !== undefined && command.args.length === 1 && existsSync(resolve(session.screen.directory, word))
      ? word
      : undefined;
  return holding('apply', options, session, (held) =>
    file === undefined
      ? applyFleets(command.args, options, held)
      : applySaved(resolve(session.screen.directory, file), options, held),
  );
};

function applyCommand(): Command {
  return rolloutCommand(
    'apply',
    '[PLANFILE | FLEET...]',
    'Does what a saved plan says, or shows a plan and asks. A rollout that was stopped goes on where it was.',
  )
    .option('--engine <engine>', "terraform: have the fleets' own Terraform plan and apply")
    .option(
      '-e, --extra-vars <vars>',
      'variables for verify tasks, as the bake was given; may be repeated',
      append,
      [],
    );
}

async function applyFleets(words: readonly string[], options: RolloutOptions, held: Held): Promise<number> {
  const { config, store, cloud, session } = held;
  const state = await store.read();
  const fleets = fleetsMeant(config, state, words, false);
  const underWay = fleets.filter(({ name }) => state?.fleets[name]?.rollout !== undefined);
  if (state && underWay.length > 0) return resumeAll(underWay, state, options, held);
  const plan = await planNow(
    fleets.map((fleet) => ({ fleet, goal: { kind: 'config' } })),
    state,
    cloud,
  );
  showPlan(plan, held);
  return doPlan(plan.fleets, state, options, held, session.screen.out);
}

async function applySaved(file: string, options: RolloutOptions, held: Held): Promise<number> {
  const { store, cloud } = held;
  const state = await store.read();
  const plan = await freshPlan(file, state, cloud);
  // Who saved it has seen it.
  return doPlan(plan.fleets, state, { ...options, autoApprove: true }, held, held.session.screen.out);
}

async function doPlan(
  fleets: Awaited<ReturnType<typeof planNow>>['fleets'],
  state: State | undefined,
  options: RolloutOptions,
  held: Held,
  out: (text: string) => void,
): Promise<number> {
  const busy = fleets.filter(({ batches }) => batches.length > 0);
  if (busy.length === 0) return 0;
  if (!(await approved('Do you want to perform these actions?', options, held))) {
    out('\nApply cancelled.\n');
    return 1;
  }
  return doAll(
    busy.map((plan) => ({ fleet: plan.fleet.name, plan })),
    state,
    held,
  );
}
