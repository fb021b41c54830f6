/** `rollout export terraform`: a configuration for what fleets have now. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { chooseCloud } from '../../cloud/choose-cloud.ts';
import { asFault } from '../../cloud/cloud-error.ts';
import { Fault } from '../../fault.ts';
import { checkFleets } from '../../rollout/state/check-fleets.ts';
import { type Exported, exportTerraform } from '../../rollout/terraform/export-terraform.ts';
import { parseOptions } from '../parse-options.ts';
import { ensureCloud } from '../sandbox-cloud.ts';
import type { Session, Verb } from '../session.ts';
import { configOf, stateIn, warn, withStore } from './state-access.ts';
import { withTwoDashes } from './two-dashes.ts';

interface ExportOptions {
  readonly config?: string;
  readonly out: string;
  readonly force?: true;
}

/** `export` is a word of JavaScript's. */
export const exportVerb: Verb = async (args, session) => {
  const command = exportCommand();
  if (!parseOptions(command, withTwoDashes(command, args), session.screen.out)) return 0;
  const { config: file, out, force = false } = command.opts<ExportOptions>();
  const [kind, ...names] = command.args;
  if (kind !== 'terraform') {
    const message = kind === undefined ? 'rollout export takes what to write' : `rollout export cannot write "${kind}"`;
    throw new Fault('option-invalid', message, { hint: 'write  rollout export terraform [FLEET...]' });
  }
  const config = configOf(file, session);
  const state = await withStore(config, stateIn);
  checkFleets(names, state);
  const cloud = await chooseCloud(config, () => ensureCloud(session));
  try {
    const fleets = names.length > 0 ? names : Object.keys(state.fleets).sort();
    const exported = await exportTerraform({ state, fleets, cloud, profile: config.profile });
    write(exported, resolve(session.screen.directory, out), force);
    tell(exported, out, session);
    return 0;
  } catch (error) {
    throw asFault(error);
  } finally {
    cloud.close();
  }
};

function exportCommand(): Command {
  return new Command('rollout export')
    .argument('[words...]')
    .usage('terraform [FLEET...] [options]')
    .configureHelp({ optionDescription: ({ description }) => description, visibleArguments: () => [] })
    .description("A configuration of Terraform's for what fleets have now, with imports of what runs.")
    .option('--config <file>', 'the configuration (default: playbake.yml here)')
    .option('--out <directory>', 'where the files go (default: terraform)', 'terraform')
    .option('--force', 'also over files that were changed since')
    .helpOption('-h, --help', 'show this help');
}

/** Files of others stay: all are looked at before the first is written. */
function write({ files }: Exported, directory: string, force: boolean): void {
  for (const [name, text] of files) {
    const path = join(directory, name);
    if (force || !existsSync(path) || readFileSync(path, 'utf8') === text) continue;
    throw new Fault('export-refused', `${path} is there already, and says something else`, {
      hint: 'name another directory with -out, or say  -force  to write over it',
    });
  }
  mkdirSync(directory, { recursive: true });
  // User-data may hold secrets.
  for (const [name, text] of files) writeFileSync(join(directory, name), text, { mode: 0o600 });
}

function tell({ files, imports, adds, changes, warnings }: Exported, directory: string, session: Session): void {
  for (const message of warnings) warn(message, session);
  const { out } = session.screen;
  for (const name of files.keys()) out(`Wrote ${relative('.', join(directory, name))}\n`);
  const more = [
    ...(adds === 0 ? [] : [`, ${adds} to add (registrations that are there, which the provider cannot import)`]),
    ...(changes === 0 ? [] : [`, ${changes} to change (how a group is refreshed, which only Terraform knows)`]),
  ].join('');
  out(
    `\nNext: cd ${directory} && terraform init && terraform plan\nIt should say: ${imports} to import${more}, and nothing else.\n`,
  );
}
