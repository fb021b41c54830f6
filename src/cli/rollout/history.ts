/** `rollout history [FLEET...]`: what was rolled out, when, and what came of it. */

import { Command } from 'commander';
import { historyText } from '../../report/rollout-status-text.ts';
import { bare } from '../../rollout/apply/release-meant.ts';
import { parseOptions } from '../parse-options.ts';
import type { Verb } from '../session.ts';
import { fleetsInState } from './fleets-in-state.ts';
import { configOf, stateIn, withStore } from './state-access.ts';
import { withTwoDashes } from './two-dashes.ts';

export const history: Verb = async (args, session) => {
  const command = new Command('rollout history')
    .argument('[words...]')
    .usage('[FLEET...] [options]')
    .configureHelp({ optionDescription: ({ description }) => description, visibleArguments: () => [] })
    .description('The releases of fleets, the oldest first, and what came of them.')
    .option('--config <file>', 'the configuration (default: playbake.yml here)')
    .option('--json', 'JSON, for programs')
    .helpOption('-h, --help', 'show this help');
  if (!parseOptions(command, withTwoDashes(command, args), session.screen.out)) return 0;
  const { config, json } = command.opts<{ readonly config?: string; readonly json?: true }>();
  const state = await withStore(configOf(config, session), stateIn);
  const fleets = fleetsInState(command.args, state);
  session.screen.out(
    json
      ? `${JSON.stringify(Object.fromEntries(fleets.map(([name, fleet]) => [name, fleet.history.map(bare)])), null, 2)}\n`
      : historyText(fleets),
  );
  return 0;
};
