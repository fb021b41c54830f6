/** `rollout plan`: what `rollout apply` would do. */

import { resolve } from 'node:path';
import { Command } from 'commander';
import { chooseCloud } from '../../cloud/choose-cloud.ts';
import type { Config } from '../../config/config.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import { rolloutPlanJson } from '../../report/rollout-plan-json.ts';
import { rolloutPlanText } from '../../report/rollout-plan-text.ts';
import { look } from '../../rollout/look/look.ts';
import type { Goal } from '../../rollout/plan/goal.ts';
import type { Plan } from '../../rollout/plan/plan.ts';
import { writePlanFile } from '../../rollout/plan/plan-file.ts';
import { planOf } from '../../rollout/plan/plan-of.ts';
import { isNeeded } from '../../rollout/plan/tally.ts';
import type { State } from '../../rollout/state/state.ts';
import { parseOptions } from '../parse-options.ts';
import { ensureCloud } from '../sandbox-cloud.ts';
import type { Session, Verb } from '../session.ts';
import { checkPlace } from './check-place.ts';
import { fleetsMeant } from './fleets-meant.ts';
import { configOf, warn, withStore } from './state-access.ts';
import { withTwoDashes } from './two-dashes.ts';

interface PlanOptions {
  readonly config?: string;
  readonly out?: string;
  readonly json?: true;
  readonly detailedExitcode?: true;
  readonly destroy?: true;
}

/** With `-detailed-exitcode`, as Terraform's. */
const NEEDED = 2;

const HELP = `
Exit codes: 0 all well; with -detailed-exitcode: 0 nothing to do, 2 something to do; 1 something failed; 4 a wrong
playbake.yml; 5 wrong options.`;

export const plan: Verb = async (args, session) => {
  const command = planCommand();
  if (!parseOptions(command, withTwoDashes(command, args), session.screen.out)) return 0;
  const options = command.opts<PlanOptions>();
  const config = configOf(options.config, session);
  const made = await makePlan({ config, words: command.args, destroy: options.destroy === true }, session);
  const file = options.out === undefined ? undefined : resolve(session.screen.directory, options.out);
  if (file !== undefined) await writePlanFile(file, made);
  const { out, color } = session.screen;
  out(
    options.json
      ? `${JSON.stringify(rolloutPlanJson(made), null, 2)}\n`
      : rolloutPlanText(made.fleets, { color, file: options.out, isSaved: true }),
  );
  return options.detailedExitcode && isNeeded(made.fleets) ? NEEDED : 0;
};

function planCommand(): Command {
  return new Command('rollout plan')
    .argument('[fleets...]')
    .usage('[FLEET...] [options]')
    .configureHelp({ optionDescription: ({ description }) => description, visibleArguments: () => [] })
    .description('Shows what a rollout would do to fleets of playbake.yml (default: all), and changes nothing.')
    .option('--config <file>', 'the configuration (default: playbake.yml here)')
    .option('--out <file>', 'save the plan, for `rollout apply FILE`')
    .option('--json', "JSON, in the form of Terraform's plans")
    .option('--detailed-exitcode', 'exit code 2 where there is something to do')
    .option('--destroy', 'plan to take all instances of the fleets away')
    .option('--engine <engine>', "terraform: have the fleets' own Terraform plan")
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', HELP);
}

export interface PlanWanted {
  readonly config: Config;
  /** Names of fleets; none: all. */
  readonly words: readonly string[];
  readonly destroy: boolean;
}

/** Reads the state, looks at what is there, and plans. */
export async function makePlan({ config, words, destroy }: PlanWanted, session: Session): Promise<Plan> {
  return withStore(config, async (store) => {
    const state = await store.read();
    const goal: Goal = { kind: destroy ? 'destroy' : 'config' };
    const fleets = fleetsMeant(config, state, words, destroy).map((fleet) => ({ fleet, goal }));
    for (const note of notesOn(
      fleets.map(({ fleet }) => fleet),
      config,
      state,
      words,
    ))
      warn(note, session);
    const cloud = await chooseCloud(config, () => ensureCloud(session));
    try {
      const seen = await look({ cloud, fleets, state });
      checkPlace(
        fleets.map(({ fleet }) => fleet),
        state,
        cloud.region,
      );
      return planOf({ fleets, state, seen, now: new Date() });
    } finally {
      cloud.close();
    }
  });
}

/** What a plan from here does not say. */
function notesOn(
  fleets: readonly FleetConfig[],
  config: Config,
  state: State | undefined,
  words: readonly string[],
): readonly string[] {
  const open = fleets.flatMap(({ name }) => {
    const rollout = state?.fleets[name]?.rollout;
    if (rollout === undefined) return [];
    const way = rollout.direction === 'back' ? 'back to' : 'to';
    const where = `batch ${rollout.batch + 1} of ${rollout.plan.batches.length}`;
    const why = rollout.failure === undefined ? '' : `: ${rollout.failure.message}`;
    const to = rollout.plan.to?.name ?? 'nothing';
    return [
      `a rollout of ${name} ${way} ${to} was stopped in ${where}${why}; \`rollout apply\` goes on with it, \`rollout rollback ${name}\` goes back; what follows is a plan from here`,
    ];
  });
  const orphans = Object.keys(state?.fleets ?? {}).filter(
    (name) => !config.fleets.has(name) && Object.keys(state?.fleets[name]?.slots ?? {}).length > 0,
  );
  const left =
    words.length > 0
      ? []
      : orphans.map(
          (name) =>
            `${name} is in the state and not in playbake.yml: it is left alone; \`rollout destroy ${name}\` takes it away`,
        );
  return [...open, ...left];
}
