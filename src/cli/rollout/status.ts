/** `rollout status [FLEET...]`: who is there, how they are, and what is under way. */

import { Command } from 'commander';
import { chooseCloud } from '../../cloud/choose-cloud.ts';
import { asFault } from '../../cloud/cloud-error.ts';
import { statusText } from '../../report/rollout-status-text.ts';
import { statusOf } from '../../rollout/apply/status.ts';
import { parseOptions } from '../parse-options.ts';
import { ensureCloud } from '../sandbox-cloud.ts';
import type { Verb } from '../session.ts';
import { fleetsInState } from './fleets-in-state.ts';
import { configOf, stateIn, withStore } from './state-access.ts';
import { withTwoDashes } from './two-dashes.ts';

export const status: Verb = async (args, session) => {
  const command = new Command('rollout status')
    .argument('[words...]')
    .usage('[FLEET...] [options]')
    .configureHelp({ optionDescription: ({ description }) => description, visibleArguments: () => [] })
    .description('The instances of fleets, how they are now, and what is under way.')
    .option('--config <file>', 'the configuration (default: playbake.yml here)')
    .option('--json', 'JSON, for programs')
    .helpOption('-h, --help', 'show this help');
  if (!parseOptions(command, withTwoDashes(command, args), session.screen.out)) return 0;
  const { config: file, json } = command.opts<{ readonly config?: string; readonly json?: true }>();
  const config = configOf(file, session);
  const { state, lock } = await withStore(config, async (store) => ({
    state: await stateIn(store),
    lock: await store.locked().catch(() => undefined),
  }));
  const fleets = fleetsInState(command.args, state);
  const cloud = await chooseCloud(config, () => ensureCloud(session));
  try {
    const all = await Promise.all(fleets.map(([name, fleet]) => statusOf(name, fleet, cloud)));
    session.screen.out(json ? `${JSON.stringify(all, null, 2)}\n` : statusText(all, lock));
    return 0;
  } catch (error) {
    throw asFault(error);
  } finally {
    cloud.close();
  }
};
