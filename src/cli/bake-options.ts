/** The options of `bake`. */

import { Command, InvalidArgumentError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { Fault } from '../fault.ts';
import { append, appendParts, parseOptions } from './parse-options.ts';
import type { OutputKind } from './play-options.ts';

/** As parsed; what was not given is absent. */
export interface BakeOptions {
  readonly config?: string;
  readonly inventory: readonly string[];
  readonly extraVars: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly name?: string;
  readonly fromCidr?: string;
  readonly force?: true;
  readonly plan?: true;
  /** The run; true: the only one there is. */
  readonly resume?: string | true;
  /** Tell what a bake would make of each task, and make nothing. */
  readonly lint?: true;
  readonly onError: 'undo' | 'keep' | 'ask';
  readonly test: boolean;
  readonly json?: true;
  readonly all?: true;
  readonly verbose: number;
  readonly output?: OutputKind;
}

export interface BakeArguments {
  readonly verb: 'bake' | 'list' | 'sweep';
  /** The playbook or image; the run to sweep. */
  readonly word: string | undefined;
  readonly options: BakeOptions;
}

const VERBS = ['list', 'sweep'] as const;

const HELP = `
Verbs:
  bake list [--all]         runs that were killed or failed to clean up; --all: also by their tags in the cloud
  bake sweep [RUN] [--all]  remove what such a run left; --all: of all runs that are not alive

Exit codes: 0 baked, or nothing to bake; 2 the playbook or the test of the image failed (or would: --lint), or --plan
says that a bake is needed; 1 something else failed; 4 a wrong playbook, inventory or playbake.yml; 5 wrong options;
99 stopped by Ctrl-C.`;

/** The arguments of `bake`; throws the Fault `option-invalid`. `undefined`: the help was wanted, and shown with `out`. */
export function parseBakeArguments(args: readonly string[], out: (text: string) => void): BakeArguments | undefined {
  const command = bakeCommand();
  if (!parseOptions(command, args, out)) return undefined;
  const options = command.opts<BakeOptions>();
  const [first, second, third] = command.args;
  const verb = VERBS.find((one) => one === first) ?? 'bake';
  const word = verb === 'bake' ? first : second;
  const extra = verb === 'bake' ? second : third;
  if (extra !== undefined) {
    throw new Fault('option-invalid', `bake takes one playbook or image, not also "${extra}"`, {
      hint: 'bake them one after the other',
    });
  }
  if (verb === 'list' && word !== undefined) throw new Fault('option-invalid', `bake list does not take "${word}"`);
  if (verb === 'bake' && word === undefined && options.resume === undefined) {
    throw new Fault('option-invalid', 'bake takes a playbook, or an image of playbake.yml', {
      hint: 'write  bake app_update.yml; bake --help shows the options',
    });
  }
  return { verb, word, options };
}

function bakeCommand(): Command {
  return new Command('bake')
    .argument('[words...]')
    .usage('PLAYBOOK|IMAGE [options]')
    .configureHelp({ optionDescription: ({ description }) => description, visibleArguments: () => [] })
    .description('Makes a machine image of a playbook: the same playbook that `play` runs on hosts.')
    .option('--config <file>', 'the configuration (default: playbake.yml here)')
    .option('-i, --inventory <source>', 'inventory whose variables are wanted; may be repeated', append, [])
    .option('-e, --extra-vars <vars>', 'variables: key=value, JSON or YAML, or @FILE; may be repeated', append, [])
    .option('-t, --tags <tags>', 'only tasks with these tags', appendParts, [])
    .option('--skip-tags <tags>', 'no tasks with these tags', appendParts, [])
    .option('--name <name>', "the image's name (default: the template in playbake.yml)")
    .option('--from-cidr <cidr>', 'who may reach the machine by SSH (default: this machine only)', cidr)
    .option('--lint', 'tell which tasks a bake does, leaves to the first boot or to live hosts, and why; make nothing')
    .option('--no-test', 'do not launch and test the new image')
    .option('--plan', 'only say whether a bake is needed, and why')
    .option('--force', 'bake even where an image with the same content exists')
    .option('--resume [run]', 'go on with a run that was killed')
    .addOption(
      new Option('--on-error <what>', 'when a step fails: undo, keep all to look into it, or ask (default: undo)')
        .choices(['undo', 'keep', 'ask'])
        .default('undo'),
    )
    .option('--all', 'of list and sweep: also runs without a journal here')
    .option('--json', 'an event a line, for programs; of list and --lint: JSON')
    .option('-v, --verbose', 'say more; up to -vvvvvv', (_: string, before: number) => before + 1, 0)
    .addOption(
      new Option('--output <kind>', 'live: moving, for terminals; text; json').choices(['text', 'live', 'json']),
    )
    .version(`bake ${manifest.version}`, '--version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', HELP);
}

function cidr(value: string): string {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(value);
  const numbers = match?.slice(1).map(Number) ?? [];
  const bits = numbers.at(-1) ?? 33;
  if (bits <= 32 && numbers.slice(0, 4).every((one) => one <= 255)) return value;
  throw new InvalidArgumentError('It must be a network such as 203.0.113.7/32.');
}
