/** `rollout show PLANFILE`: a saved plan again. */

import { resolve } from 'node:path';
import { Command } from 'commander';
import { Fault } from '../../fault.ts';
import { rolloutPlanJson } from '../../report/rollout-plan-json.ts';
import { rolloutPlanText } from '../../report/rollout-plan-text.ts';
import { readPlanFile } from '../../rollout/plan/plan-file.ts';
import { parseOptions } from '../parse-options.ts';
import type { Verb } from '../session.ts';
import { withTwoDashes } from './two-dashes.ts';

interface ShowOptions {
  readonly json?: true;
}

export const show: Verb = async (args, { screen }) => {
  const command = new Command('rollout show')
    .argument('[words...]')
    .usage('PLANFILE [options]')
    .configureHelp({ optionDescription: ({ description }) => description, visibleArguments: () => [] })
    .description('Shows a plan that `rollout plan -out PLANFILE` has saved.')
    .option('--json', "JSON, in the form of Terraform's plans")
    .helpOption('-h, --help', 'show this help');
  if (!parseOptions(command, withTwoDashes(command, args), screen.out)) return 0;
  const [file, extra] = command.args;
  if (file === undefined || extra !== undefined) {
    const message =
      file === undefined ? 'rollout show takes a saved plan' : `rollout show takes one plan, not also "${extra}"`;
    throw new Fault('option-invalid', message, {
      hint: '`rollout plan -out FILE` saves one; `rollout state list` shows the state',
    });
  }
  const plan = await readPlanFile(resolve(screen.directory, file));
  const { json } = command.opts<ShowOptions>();
  screen.out(
    json
      ? `${JSON.stringify(rolloutPlanJson(plan), null, 2)}\n`
      : rolloutPlanText(plan.fleets, { color: screen.color, file, isSaved: false }),
  );
  return 0;
};
