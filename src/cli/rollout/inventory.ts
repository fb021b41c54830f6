/** `rollout inventory`: the instances of fleets as an inventory of Ansible's. */

import { Command } from 'commander';
import { chooseCloud } from '../../cloud/choose-cloud.ts';
import { asFault } from '../../cloud/cloud-error.ts';
import { instancesIn } from '../../rollout/inventory/instances-in.ts';
import { inventoryOf, listed } from '../../rollout/inventory/inventory-of.ts';
import { checkFleets } from '../../rollout/state/check-fleets.ts';
import { parseOptions } from '../parse-options.ts';
import { ensureCloud } from '../sandbox-cloud.ts';
import type { Verb } from '../session.ts';
import { configOf, ownDirectory, stateIn, withStore } from './state-access.ts';
import { withTwoDashes } from './two-dashes.ts';

interface InventoryOptions {
  readonly config?: string;
  readonly list?: true;
  readonly host?: string;
}

const HELP = `
As an inventory that plays and Ansible run themselves, in inventory/ec2_instances (chmod +x):
  #!/bin/sh
  exec rollout inventory --config /path/to/playbake.yml "$@"`;

export const inventory: Verb = async (args, session) => {
  const command = inventoryCommand();
  if (!parseOptions(command, withTwoDashes(command, args), session.screen.out)) return 0;
  const options = command.opts<InventoryOptions>();
  const config = configOf(options.config, session);
  const state = await withStore(config, stateIn);
  checkFleets(command.args, state);
  const cloud = await chooseCloud(config, () => ensureCloud(session));
  try {
    const found = inventoryOf(
      await instancesIn(state, command.args, cloud),
      config.fleets,
      ownDirectory(config, session),
    );
    // Of a host that is none, Ansible wants to hear that it has no variables.
    const shown = options.host === undefined ? listed(found) : (found.hosts[options.host] ?? {});
    session.screen.out(`${JSON.stringify(shown, null, 2)}\n`);
    return 0;
  } catch (error) {
    throw asFault(error);
  } finally {
    cloud.close();
  }
};

function inventoryCommand(): Command {
  return new Command('rollout inventory')
    .argument('[fleets...]')
    .usage('[FLEET...] [options]')
    .configureHelp({ optionDescription: ({ description }) => description, visibleArguments: () => [] })
    .description("The instances of fleets as Ansible's JSON: a group for each fleet, and ec2_instances for all.")
    .option('--config <file>', 'the configuration (default: playbake.yml here)')
    .option('--list', 'all hosts (default)')
    .option('--host <name>', 'the variables of a host')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', HELP);
}
