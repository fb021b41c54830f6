/** `rollout plan` and `rollout apply` with `--engine terraform`: the images go to the user's own Terraform, which does the rest. */

import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { Images } from '../../bake/images.ts';
import { newRunId } from '../../bake/journal/run-id.ts';
import { chooseCloud } from '../../cloud/choose-cloud.ts';
import { asFault } from '../../cloud/cloud-error.ts';
import type { Config } from '../../config/config.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import { Fault } from '../../fault.ts';
import { imageMeant } from '../../rollout/look/look-at-images.ts';
import {
  type FleetImage,
  type HandOver,
  handOvers,
  planWords,
  VALUES_FILE,
  valuesText,
} from '../../rollout/terraform/hand-over.ts';
import { notedReleases } from '../../rollout/terraform/noted-release.ts';
import { parseOptions } from '../parse-options.ts';
import { ensureCloud } from '../sandbox-cloud.ts';
import type { Session, Verb } from '../session.ts';
import { changeState, configOf, withStore } from './state-access.ts';
import { checkDirectory, runTerraform } from './terraform-process.ts';
import { withTwoDashes } from './two-dashes.ts';

interface Options {
  readonly config?: string;
  readonly autoApprove?: true;
  readonly detailedExitcode?: true;
}

export const planByTerraform: Verb = async (args, session) => {
  const command = commandOf('plan').option('--detailed-exitcode', 'exit code 2 where there is something to do');
  if (!parseOptions(command, withTwoDashes(command, args), session.screen.out)) return 0;
  const options = command.opts<Options>();
  const config = configOf(options.config, session);
  const { works } = await worksOf(config, command.args, session);
  let code = 0;
  for (const work of works) {
    await withPlan(work, session, async ({ hasChanges }) => {
      if (hasChanges) code = 2;
    });
  }
  return options.detailedExitcode ? code : 0;
};

export const applyByTerraform: Verb = async (args, session) => {
  const command = commandOf('apply').option('--auto-approve', 'do not ask');
  if (!parseOptions(command, withTwoDashes(command, args), session.screen.out)) return 0;
  const options = command.opts<Options>();
  const config = configOf(options.config, session);
  const { works, region } = await worksOf(config, command.args, session);
  for (const work of works) {
    const code = await withPlan(work, session, ({ file, hasChanges }) => {
      return hasChanges ? applyOne(work, file, options, { config, region }, session) : Promise.resolve(0);
    });
    if (code !== 0) return code;
  }
  return 0;
};

function commandOf(verb: 'plan' | 'apply'): Command {
  return new Command(`rollout ${verb}`)
    .argument('[fleets...]')
    .usage('[FLEET...] --engine terraform [options]')
    .configureHelp({ optionDescription: ({ description }) => description, visibleArguments: () => [] })
    .description(`Hands the images of fleets to their own Terraform, and has it ${verb}.`)
    .option('--config <file>', 'the configuration (default: playbake.yml here)')
    .option('--engine <engine>', 'terraform')
    .helpOption('-h, --help', 'show this help');
}

/** What is to be told to which Terraform. */
async function worksOf(config: Config, words: readonly string[], session: Session) {
  const fleets = fleetsOf(config, words);
  for (const { terraform } of fleets) checkDirectory(terraform?.directory ?? '', session.env);
  const cloud = await chooseCloud(config, () => ensureCloud(session));
  try {
    const images = new Images(cloud.ec2(), cloud.region);
    const ours = await images.list();
    const all: FleetImage[] = [];
    for (const fleet of fleets) {
      const { id, name } = await imageMeant(fleet, images, ours);
      all.push({ fleet, image: { id, name } });
    }
    return { works: handOvers(all), region: cloud.region };
  } catch (error) {
    throw asFault(error);
  } finally {
    cloud.close();
  }
}

/** Those that are named, or all that have a Terraform. */
function fleetsOf({ fleets }: Config, words: readonly string[]): readonly FleetConfig[] {
  const named = words.map((word) => word.replace(/^fleet\./, ''));
  for (const name of named) {
    const fleet = fleets.get(name);
    if (fleet?.terraform) continue;
    const message = fleet ? `the fleet ${name} has no Terraform` : `playbake.yml has no fleet ${name}`;
    throw new Fault('option-invalid', message, {
      hint: fleet
        ? `write  terraform: { directory: ... }  into fleets.${name}`
        : `its fleets are ${[...fleets.keys()].join(', ')}`,
    });
  }
  const all = [...fleets.values()].filter(
    ({ name, terraform }) => terraform && (named.length === 0 || named.includes(name)),
  );
  if (all.length > 0) return all;
  throw new Fault('option-invalid', 'no fleet of playbake.yml has a Terraform', {
    hint: 'write  terraform: { directory: ... }  into the fleet whose instances it looks after',
  });
}

interface Planned {
  readonly file: string;
  readonly hasChanges: boolean;
}

/** Has Terraform plan, and show its plan, which is there while `work` goes on. */
async function withPlan<T>(work: HandOver, session: Session, then: (planned: Planned) => Promise<T>): Promise<T> {
  const { directory, fleets, variables } = work;
  for (const { fleet, image } of fleets) {
    const variable = fleet.terraform?.variable ?? '';
    session.screen.out(
      `fleet.${fleet.name}: ${image.name}, as ${variable} = "${variables[variable]}" in ${directory}\n`,
    );
  }
  // A plan holds all values, secret ones too.
  const folder = mkdtempSync(join(tmpdir(), 'playbake-plan-'));
  const file = join(folder, 'plan');
  try {
    const { env, signal } = session;
    const code = await runTerraform({ directory, words: planWords(work, file), env, signal });
    if (signal.aborted) throw interrupted();
    if (code !== 0 && code !== 2) {
      const names = Object.keys(variables).map((name) => `variable "${name}" { type = string }`);
      throw new Fault('terraform-failed', `terraform plan in ${directory} ended with ${code}`, {
        hint: `it has said why; it must have  ${names.join(' ')}`,
      });
    }
    return await then({ file, hasChanges: code === 2 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function applyOne(
  work: HandOver,
  file: string,
  { autoApprove }: Options,
  { config, region }: { readonly config: Config; readonly region: string },
  session: Session,
): Promise<number> {
  if (!autoApprove && !(await isApproved(session))) {
    session.screen.out('\nApply cancelled.\n');
    return 1;
  }
  return withStore(config, async (store) => {
    let failure: string | undefined;
    await changeState('apply', store, session, async (state) => {
      const began = new Date();
      keepValues(work);
      const { env, signal } = session;
      const words = ['apply', '-input=false', file];
      const code = await runTerraform({ directory: work.directory, words, env, signal });
      if (code !== 0) failure = signal.aborted ? 'it was stopped by Ctrl-C' : `terraform apply ended with ${code}`;
      const end = { rollout: newRunId(began), began, ended: new Date(), failure, region };
      return { fleets: notedReleases(state?.fleets ?? {}, work.fleets, end) };
    });
    if (failure === undefined) return 0;
    if (session.signal.aborted) throw interrupted();
    throw new Fault('terraform-failed', `${failure} in ${work.directory}`, {
      hint: 'it has said why; what it did stands in its own state, and `rollout apply --engine terraform` goes on',
    });
  });
}

async function isApproved({ screen, interactive, ask }: Session): Promise<boolean> {
  if (!interactive) {
    throw new Fault('option-invalid', 'this must be approved, and nobody can answer here', {
      hint: 'look at `rollout plan --engine terraform`, then give -auto-approve; or run it in a terminal',
    });
  }
  screen.out('\nDo you want Terraform to perform these actions?\n');
  screen.out(`  Only 'yes' will be accepted to approve.\n\n`);
  return (await ask('  Enter a value: ', { echo: true })).trim() === 'yes';
}

/** So that Terraform, when it is run by hand, does not go back to the image before. */
function keepValues({ directory, variables }: HandOver): void {
  const file = join(directory, VALUES_FILE);
  const text = valuesText(existsSync(file) ? readFileSync(file, 'utf8') : undefined, variables, file);
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function interrupted(): Fault {
  return new Fault('interrupted', 'Terraform was told to stop, and has stopped');
}
