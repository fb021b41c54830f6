/** The options of `rollout state`. */

import { Command } from 'commander';
import { Fault } from '../../fault.ts';
import { nearest } from '../nearest.ts';
import { parseOptions } from '../parse-options.ts';
import { withTwoDashes } from './two-dashes.ts';

export interface StateOptions {
  readonly config?: string;
  readonly json?: true;
  readonly dryRun?: true;
  readonly force?: true;
}

/** Each verb with the words that it takes: of a list that ends with `…`, the last one any number of times. */
const VERBS = {
  list: ['[ADDRESS…]'],
  show: ['ADDRESS'],
  rm: ['ADDRESS', '[ADDRESS…]'],
  mv: ['FROM', 'TO'],
  pull: [],
  push: ['FILE'],
} as const;

export type StateVerb = keyof typeof VERBS;

export interface StateArguments {
  readonly verb: StateVerb;
  readonly words: readonly string[];
  readonly options: StateOptions;
}

const HELP = `
Verbs:
  rollout state list [ADDRESS…]    the slots of all fleets, or of these
  rollout state show ADDRESS       what a slot or a fleet is made of
  rollout state rm ADDRESS…        forget slots or fleets; their instances run on, and nobody looks after them
  rollout state mv FROM TO         a slot or a fleet gets another address
  rollout state pull               the state as it is kept, JSON
  rollout state push FILE          keep what a file says, as its successor; -force: also where it is older or another's

An address is fleet.NAME or 'fleet.NAME[SLOT]'.`;

/** Throws the Fault `option-invalid`. `undefined`: the help was wanted, and shown with `out`. */
export function parseStateArguments(args: readonly string[], out: (text: string) => void): StateArguments | undefined {
  const command = stateCommand();
  if (!parseOptions(command, withTwoDashes(command, args), out)) return undefined;
  const [first, ...words] = command.args;
  const verb = verbOf(first);
  checkWords(verb, words);
  return { verb, words, options: command.opts<StateOptions>() };
}

function stateCommand(): Command {
  return new Command('rollout state')
    .argument('[words...]')
    .usage('VERB [WORDS...] [options]')
    .configureHelp({ optionDescription: ({ description }) => description, visibleArguments: () => [] })
    .description('What rollouts remember of the fleets that they look after.')
    .option('--config <file>', 'the configuration (default: playbake.yml here)')
    .option('--json', 'of list and show: JSON, for programs')
    .option('--dry-run', 'of rm and mv: say what would be done, and do nothing')
    .option('--force', 'of push: also a state that is older, or of another lineage')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', HELP);
}

function verbOf(word: string | undefined): StateVerb {
  const verbs: readonly StateVerb[] = ['list', 'show', 'rm', 'mv', 'pull', 'push'];
  const found = verbs.find((verb) => verb === word);
  if (found) return found;
  const message = word === undefined ? 'rollout state takes a verb' : `rollout state has no verb "${word}"`;
  const hint = (word === undefined ? undefined : nearest(word, verbs)) ?? '`rollout state --help` lists the verbs';
  throw new Fault('option-invalid', message, { hint });
}

function checkWords(verb: StateVerb, words: readonly string[]): void {
  const wanted: readonly string[] = VERBS[verb];
  const missing = wanted.slice(words.length).find((word) => !word.startsWith('['));
  const hint = `write  rollout state ${[verb, ...wanted].join(' ')}`;
  if (missing !== undefined) throw new Fault('option-invalid', `rollout state ${verb} needs ${missing}`, { hint });
  const extra = wanted.at(-1)?.endsWith('…]') ? undefined : words[wanted.length];
  if (extra !== undefined)
    throw new Fault('option-invalid', `rollout state ${verb} does not take "${extra}"`, { hint });
}
