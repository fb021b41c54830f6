/** The options of `play`: Ansible's, under Ansible's names. */

import { Command, type CommanderError, InvalidArgumentError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { Fault } from '../fault.ts';
import { nearest } from './nearest.ts';
import { append, appendParts, parseOptions } from './parse-options.ts';

export type OutputKind = 'text' | 'live' | 'json';

/** As parsed; what was not given is absent. */
export interface PlayOptions {
  readonly inventory: readonly string[];
  readonly limit?: string;
  readonly extraVars: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly check?: true;
  readonly diff?: true;
  readonly forks?: number;
  readonly startAtTask?: string;
  readonly step?: true;
  readonly listHosts?: true;
  readonly listTasks?: true;
  readonly listTags?: true;
  readonly syntaxCheck?: true;
  readonly forceHandlers?: true;
  readonly become?: true;
  readonly becomeUser?: string;
  readonly becomeMethod?: string;
  readonly askBecomePass?: true;
  readonly becomePasswordFile?: string;
  readonly askPass?: true;
  readonly connectionPasswordFile?: string;
  readonly user?: string;
  readonly connection?: string;
  readonly timeout?: number;
  readonly privateKey?: string;
  readonly sshCommonArgs?: string;
  readonly sshExtraArgs?: string;
  readonly verbose: number;
  readonly output?: OutputKind;
}

export interface PlayArguments {
  readonly playbooks: readonly string[];
  readonly options: PlayOptions;
}

/** Options of ansible-playbook that do not exist here, and what to do instead. */
const LACKING: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['-J', '--ask-vault-pass', '--ask-vault-password', '--vault-id', '--vault-pass-file', '--vault-password-file'].map(
      (flag) => [flag, 'vaults cannot be decrypted yet; give their values with -e @FILE'],
    ),
  ),
  '-M': 'a directory `modules` beside the playbook is looked in first',
  '--module-path': 'a directory `modules` beside the playbook is looked in first',
  '--flush-cache': 'leave it out: facts are not kept from one run to the next',
  '--scp-extra-args': 'scp is not used; see --ssh-extra-args',
  '--sftp-extra-args': 'sftp is not used; see --ssh-extra-args',
  '--inventory-file': 'use -i',
};

/** Options that ansible-playbook knows under a second name. */
const ALIASES: Readonly<Record<string, string>> = {
  '--key-file': '--private-key',
  '--become-pass-file': '--become-password-file',
  '--conn-pass-file': '--connection-password-file',
};

/** The arguments of `play`; throws the Fault `option-invalid`. `undefined`: the help was wanted, and shown with `out`. */
export function parsePlayArguments(args: readonly string[], out: (text: string) => void): PlayArguments | undefined {
  const command = playCommand();
  if (!parseOptions(command, args.map(withoutAlias), out, optionFault)) return undefined;
  return { playbooks: command.args, options: command.opts<PlayOptions>() };
}

function playCommand(): Command {
  return new Command('play')
    .argument('<playbook...>', 'playbooks, run one after the other')
    .usage('PLAYBOOK... [options]')
    .configureHelp({ optionDescription: ({ description }) => description })
    .description('Runs playbooks on hosts over SSH.')
    .option('-i, --inventory <source>', 'file, directory, script, or "host1,host2,"; may be repeated', append, [])
    .option('-l, --limit <pattern>', 'only these hosts; @FILE reads them from a file')
    .option('-e, --extra-vars <vars>', 'variables: key=value, JSON or YAML, or @FILE; may be repeated', append, [])
    .option('-t, --tags <tags>', 'only tasks with these tags', appendParts, [])
    .option('--skip-tags <tags>', 'no tasks with these tags', appendParts, [])
    .option('-C, --check', 'change nothing; say what would change')
    .option('-D, --diff', 'show the differences in files that change')
    .option('-f, --forks <number>', 'hosts at work at the same time (default: 50)', count)
    .option('--start-at-task <name>', 'begin with the task of this name')
    .option('--step', 'ask before each task')
    .option('--list-hosts', 'list the hosts that match, and run nothing')
    .option('--list-tasks', 'list the tasks that would run')
    .option('--list-tags', 'list all tags')
    .option('--syntax-check', 'check the playbooks, and run nothing')
    .option('--force-handlers', 'run notified handlers even where a task failed')
    .option('-b, --become', 'become another user on the hosts')
    .option('--become-user <user>', 'whom to become (default: root)')
    .option('--become-method <method>', 'how to become: sudo, su (default: sudo)')
    .option('-K, --ask-become-pass', 'ask for the password to become another user')
    .option('--become-password-file <file>', 'file with that password, or a program that prints it')
    .option('-u, --user <user>', 'log in as this user')
    .option('-c, --connection <type>', 'ssh, openssh or local')
    .option('-T, --timeout <seconds>', 'how long a host may take to answer (default: 10)', count)
    .option('--private-key <file>', 'private key to log in with (also: --key-file)')
    .option('-k, --ask-pass', 'ask for the password to log in with')
    .option('--connection-password-file <file>', 'file with that password, or a program that prints it')
    .option('--ssh-common-args <args>', 'arguments for ssh')
    .option('--ssh-extra-args <args>', 'more arguments for ssh')
    .option('-v, --verbose', 'say more; up to -vvvvvv', (_: string, before: number) => before + 1, 0)
    .addOption(
      new Option('--output <kind>', 'live: moving, for terminals; text: as Ansible; json: an event a line').choices([
        'text',
        'live',
        'json',
      ]),
    )
    .version(`play ${manifest.version}`, '--version', 'show the version')
    .helpOption('-h, --help', 'show this help');
}

function count(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('It must be a whole number from 1 up.');
  return Number(value);
}

function withoutAlias(arg: string): string {
  const [flag = '', ...value] = arg.split('=');
  const name = ALIASES[flag];
  return name === undefined ? arg : [name, ...value].join('=');
}

function optionFault({ code, message }: CommanderError, command: Command): Fault {
  const text = message.replace(/^error: /, '').split('\n', 1)[0] ?? '';
  if (code === 'commander.missingArgument') {
    return new Fault('option-invalid', 'no playbook was named', {
      hint: 'play PLAYBOOK -i INVENTORY; see play --help',
    });
  }
  const flag = /unknown option '([^'=]+)/.exec(text)?.[1];
  if (flag === undefined) return new Fault('option-invalid', text, { hint: 'play --help shows all options' });
  const lacking = LACKING[flag];
  if (lacking) {
    return new Fault('option-invalid', `playbake does not have ansible-playbook's option ${flag}`, { hint: lacking });
  }
  const known = [...command.options.flatMap(({ long }) => long ?? []), ...Object.keys(ALIASES), '--help'];
  const hint = flag.startsWith('--') ? (startingWith(flag, known) ?? nearest(flag, known)) : undefined;
  return new Fault('option-invalid', `unknown option ${flag}`, { hint: hint ?? 'play --help shows all options' });
}

/** Ansible lets long options be cut short. */
function startingWith(flag: string, known: readonly string[]): string | undefined {
  const fitting = known.filter((name) => name.startsWith(flag));
  return fitting.length === 0 ? undefined : `did you mean ${fitting.join(' or ')}?`;
}
