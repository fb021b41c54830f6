/** `rollout import`: fleets adopt instances that are there. */

import { Command } from 'commander';
import { chooseCloud } from '../../cloud/choose-cloud.ts';
import { asFault } from '../../cloud/cloud-error.ts';
import type { Config } from '../../config/config.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import { Fault } from '../../fault.ts';
import { type Imported, importInstances } from '../../rollout/import/import-instances.ts';
import { type ImportWords, parseImportWords } from '../../rollout/import/wanted.ts';
import { near } from '../../value/near.ts';
import { parseOptions } from '../parse-options.ts';
import { ensureCloud } from '../sandbox-cloud.ts';
import type { Session, Verb } from '../session.ts';
import { changeState, configOf, warn, withStore } from './state-access.ts';
import { withTwoDashes } from './two-dashes.ts';

interface ImportOptions {
  readonly config?: string;
  readonly all?: true;
  readonly json?: true;
}

const HELP = `
Examples:
  rollout import web i-0123456789abcdef0 i-0fedcba9876543210
  rollout import 'web[2]=i-0123456789abcdef0'     into that slot
  rollout import --all [FLEET…]                   what bears the fleet's tags: a state that was lost comes back

The instances are tagged, and run on as they are; the next plan says what differs from playbake.yml.`;

/** `import` is a word of JavaScript's. */
export const importVerb: Verb = async (args, session) => {
  const command = importCommand();
  if (!parseOptions(command, withTwoDashes(command, args), session.screen.out)) return 0;
  const options = command.opts<ImportOptions>();
  const words = parseImportWords(command.args);
  const config = configOf(options.config, session);
  const all = checked(words, options.all === true, config);
  const cloud = await chooseCloud(config, () => ensureCloud(session));
  try {
    const imported = await withStore(config, (store) =>
      changeState('import', store, session, async (state) => {
        const { fleets } = config;
        const found = await importInstances({ cloud, state, wanted: words.wanted, all, fleets, now: new Date() });
        return found.adopted.length > 0 ? found : undefined;
      }),
    );
    show(imported, options.json === true, session);
    return 0;
  } catch (error) {
    throw asFault(error);
  } finally {
    cloud.close();
  }
};

function importCommand(): Command {
  return new Command('rollout import')
    .argument('[words...]')
    .usage('FLEET INSTANCE... [options]')
    .configureHelp({ optionDescription: ({ description }) => description, visibleArguments: () => [] })
    .description('Adopts instances that are there into the free slots of a fleet of playbake.yml.')
    .option('--config <file>', 'the configuration (default: playbake.yml here)')
    .option('--all', 'all that bears the tags of these fleets, by default of all fleets')
    .option('--json', 'JSON, for programs')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', HELP);
}

/** The fleets of which all is wanted. */
function checked(
  { fleets, wanted }: ImportWords,
  all: boolean,
  { fleets: known, file }: Config,
): readonly FleetConfig[] {
  if (!all && wanted.length === 0) {
    throw new Fault('option-invalid', 'rollout import takes a fleet and instances', {
      hint: 'write  rollout import FLEET INSTANCE..., or  rollout import --all',
    });
  }
  const [idle] = all ? [] : fleets;
  if (idle !== undefined) throw new Fault('option-invalid', `no instance is named for the fleet ${idle}`);
  for (const name of [...fleets, ...wanted.map(({ fleet }) => fleet)]) {
    const fleet = known.get(name);
    if (fleet?.engine === 'ec2') continue;
    if (fleet) {
      throw new Fault('option-invalid', `${name} is of the engine autoscaling: its group adopts instances, not we`, {
        hint: '`aws autoscaling attach-instances` attaches one to a group',
      });
    }
    const [likely] = near(name, known.keys());
    const some = known.size > 0 ? `its fleets are ${[...known.keys()].join(', ')}` : 'it has none';
    throw new Fault(
      'option-invalid',
      `${file === undefined ? 'there is no playbake.yml, and so' : 'playbake.yml has'} no fleet ${name}`,
      {
        hint: likely === undefined ? some : `did you mean ${likely}?`,
      },
    );
  }
  if (!all) return [];
  const ours = [...known.values()].filter(({ engine }) => engine === 'ec2');
  return fleets.length === 0 && wanted.length === 0 ? ours : ours.filter(({ name }) => fleets.includes(name));
}

function show(imported: Imported | undefined, json: boolean, session: Session): void {
  for (const message of imported?.warnings ?? []) warn(message, session);
  const all = imported?.adopted ?? [];
  session.screen.out(json ? `${JSON.stringify(all.map(plain), null, 2)}\n` : textOf(all));
}

function textOf(all: Imported['adopted']): string {
  if (all.length === 0) return 'Nothing was found that is not in the state already.\n';
  const lines = all.map(({ fleet, slot, deposed, instance, volumes }) => {
    const { inService, settings, id } = instance;
    const facts = [settings.imageName, inService ? 'in service' : 'not in service', ...(deposed ? ['deposed'] : [])];
    return `Imported ${id} as fleet.${fleet}[${slot}] (${[...facts, ...Object.values(volumes)].join(', ')})\n`;
  });
  return `${lines.join('')}\`rollout plan\` says what differs from playbake.yml.\n`;
}

function plain({ fleet, slot, deposed, instance, volumes }: Imported['adopted'][number]): object {
  return { address: `fleet.${fleet}[${slot}]`, deposed, ...instance, volumes };
}
