/** The options of `playbake image`. */

import { Command } from 'commander';
import { Fault } from '../fault.ts';
import { nearest } from './nearest.ts';
import { parseOptions } from './parse-options.ts';

export interface ImageOptions {
  readonly config?: string;
  readonly region?: string;
  readonly json?: true;
  readonly sbom?: true;
  readonly force?: true;
  readonly deregister?: true;
  readonly because?: string;
}

export interface ImageArguments {
  readonly verb: ImageVerb;
  readonly words: readonly string[];
  readonly options: ImageOptions;
}

/** Each verb with the words that it takes; those in brackets may be left out. */
const VERBS = {
  list: ['[IMAGE]'],
  show: ['IMAGE'],
  diff: ['BEFORE', 'AFTER'],
  history: ['IMAGE'],
  promote: ['IMAGE', 'CHANNEL'],
  revoke: ['IMAGE'],
} as const;

export type ImageVerb = keyof typeof VERBS;

const HELP = `
Verbs:
  image list [IMAGE]             images that bakes have made, the newest first
  image show IMAGE               where it comes from and what it holds; --sbom: its packages in CycloneDX
  image diff BEFORE AFTER        what differs: tasks, packages, files, and which task made the difference
  image history IMAGE            the images of a name, and what each changed
  image promote IMAGE CHANNEL    put it into a channel, in the place of the one there
  image revoke IMAGE             nobody should use it any more; --deregister removes it, with its snapshots

IMAGE is an id, a name, NAME:CHANNEL, or a name of playbake.yml, for its newest good image.`;

/** Throws the Fault `option-invalid`. `undefined`: the help was wanted, and shown with `out`. */
export function parseImageArguments(args: readonly string[], out: (text: string) => void): ImageArguments | undefined {
  const command = imageCommand();
  if (!parseOptions(command, args, out)) return undefined;
  const [first, ...words] = command.args;
  const verb = verbOf(first);
  checkWords(verb, words);
  return { verb, words, options: command.opts<ImageOptions>() };
}

function imageCommand(): Command {
  return new Command('image')
    .argument('[words...]')
    .usage('VERB [WORDS...] [options]')
    .configureHelp({ optionDescription: ({ description }) => description, visibleArguments: () => [] })
    .description('Machine images that bakes have made: where they come from, what they hold, which are in use.')
    .option('--config <file>', 'the configuration (default: playbake.yml here)')
    .option('--region <region>', 'where the images are (default: that of playbake.yml)')
    .option('--json', 'JSON, for programs')
    .option('--sbom', 'of show: the packages as a bill of materials')
    .option('--force', 'of revoke: also the image of a channel')
    .option('--deregister', 'of revoke: remove the image and its snapshots')
    .option('--because <text>', 'of revoke: why, for who asks for the image')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', HELP);
}

function verbOf(word: string | undefined): ImageVerb {
  const found = verbs().find((verb) => verb === word);
  if (found) return found;
  const message = word === undefined ? 'image takes a verb' : `image has no verb "${word}"`;
  const hint = (word === undefined ? undefined : nearest(word, verbs())) ?? '`playbake image --help` lists the verbs';
  throw new Fault('option-invalid', message, { hint });
}

function verbs(): readonly ImageVerb[] {
  return ['list', 'show', 'diff', 'history', 'promote', 'revoke'];
}

function checkWords(verb: ImageVerb, words: readonly string[]): void {
  const wanted: readonly string[] = VERBS[verb];
  const missing = wanted.slice(words.length).find((word) => !word.startsWith('['));
  const usage = `playbake image ${verb} ${wanted.join(' ')}`;
  if (missing !== undefined)
    throw new Fault('option-invalid', `image ${verb} needs ${missing}`, { hint: `write  ${usage}` });
  const extra = words[wanted.length];
  if (extra !== undefined) {
    throw new Fault('option-invalid', `image ${verb} does not take "${extra}"`, { hint: `write  ${usage}` });
  }
}
