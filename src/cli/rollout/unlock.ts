/** `rollout unlock ID`: removes the lock of a rollout that is known to be dead. */

import { Command } from 'commander';
import { Fault } from '../../fault.ts';
import { type LockInfo, lockedText } from '../../rollout/state/lock-info.ts';
import { parseOptions } from '../parse-options.ts';
import type { Session, Verb } from '../session.ts';
import { configOf, withStore } from './state-access.ts';
import { withTwoDashes } from './two-dashes.ts';

interface UnlockOptions {
  readonly config?: string;
  readonly force?: true;
}

export const unlock: Verb = async (args, session) => {
  const command = unlockCommand();
  if (!parseOptions(command, withTwoDashes(command, args), session.screen.out)) return 0;
  const { config, force = false } = command.opts<UnlockOptions>();
  const [id, extra] = command.args;
  if (extra !== undefined) throw new Fault('option-invalid', `rollout unlock takes one ID, not also "${extra}"`);
  return withStore(configOf(config, session), async (store) => {
    const { out } = session.screen;
    const holder = await store.locked();
    if (id === undefined) {
      out(holder ? `${lockedText(holder)}\n` : `${store.where} is not locked.\n`);
      return 0;
    }
    if (holder?.ID === id && !force && !(await isConfirmed(holder, session))) {
      out('The lock was left as it is.\n');
      return 1;
    }
    await store.unlock(id);
    out(`${store.where} is not locked any more.\n`);
    return 0;
  });
};

function unlockCommand(): Command {
  return new Command('rollout unlock')
    .argument('[words...]')
    .usage('[ID] [options]')
    .configureHelp({ optionDescription: ({ description }) => description, visibleArguments: () => [] })
    .description('Removes the lock of the state when its holder is known to be dead; without ID, shows who has it.')
    .option('--config <file>', 'the configuration (default: playbake.yml here)')
    .option('--force', 'do not ask')
    .helpOption('-h, --help', 'show this help');
}

async function isConfirmed(holder: LockInfo, { screen, interactive, ask }: Session): Promise<boolean> {
  screen.out(`${lockedText(holder)}\n`);
  if (!interactive) {
    throw new Fault('option-invalid', 'rollout unlock asks, and nobody can answer here', { hint: 'say  -force' });
  }
  screen.out('\nDo you really want to remove this lock? Two rollouts at once can break a fleet.\n');
  return (await ask("Only 'yes' will be accepted to confirm: ", { echo: true })).trim() === 'yes';
}
