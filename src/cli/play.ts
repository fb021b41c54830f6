/** `play PLAYBOOK...`: options in, exit code out. */

import { stat } from 'node:fs/promises';
import { Fault } from '../fault.ts';
import type { PlayEvent } from '../play/events.ts';
import type { Prepare, RunOptions } from '../play/options.ts';
import type { Reporter } from '../report/reporter.ts';
import { given, withEnvironment } from './environment.ts';
import { passwordsFor } from './passwords.ts';
import { type OutputKind, type PlayOptions, parsePlayArguments } from './play-options.ts';
import { reporterOf } from './reporter-of.ts';
import type { Session, Verb } from './session.ts';
import { stepwise } from './stepwise.ts';

const FORKS = 50;

export const play: Verb = async (args, session) => {
  const parsed = parsePlayArguments(args, session.screen.out);
  if (!parsed) return 0;
  const options = withEnvironment(parsed.options, session.env);
  const missing = await missingPlaybook(parsed.playbooks);
  if (missing) {
    session.screen.err(`ERROR! ${missing}\n`);
    return 1;
  }
  const lists = options.listHosts || options.listTasks || options.listTags || options.syntaxCheck;
  const kind = lists ? 'text' : outputKind(options, session);
  const reporter = await reporterOf(kind, options.verbose, session);
  if (options.output === 'live' && kind === 'text' && !lists) {
    reporter.emit({ type: 'warning', message: '--output live needs a terminal; this is --output text' });
  }
  try {
    const run = await runOptions(parsed.playbooks, options, kind, reporter, session, !lists);
    const { prepare }: { prepare: Prepare } = await import('../play/prepare.ts');
    const prepared = await prepare(run);
    if (!lists) return await prepared.run();
    const { listText } = await import('../report/list.ts');
    const { listHosts: hosts = false, listTasks: tasks = false, listTags: tags = false } = options;
    session.screen.out(listText(prepared.plays, { hosts, tasks, tags }));
    return 0;
  } finally {
    await reporter.close();
  }
};

function outputKind({ output }: PlayOptions, { live }: Session): OutputKind {
  if (output === 'live' || output === undefined) return live ? 'live' : 'text';
  return output;
}

/** What is wrong with the first playbook that is not there, in Ansible's words. */
async function missingPlaybook(playbooks: readonly string[]): Promise<string | undefined> {
  for (const playbook of playbooks) {
    const found = await stat(playbook).catch(() => undefined);
    if (!found) return `the playbook: ${playbook} could not be found`;
    if (!found.isFile() && !found.isFIFO()) return `the playbook: ${playbook} does not appear to be a file`;
  }
  return undefined;
}

async function runOptions(
  playbooks: readonly string[],
  options: PlayOptions,
  kind: OutputKind,
  reporter: Reporter,
  session: Session,
  connects: boolean,
): Promise<RunOptions> {
  const { interactive, signal } = session;
  const ask: Session['ask'] = (prompt, how) => reporter.aside(() => session.ask(prompt, how));
  const emit = (event: PlayEvent) => reporter.emit(event);
  signal.addEventListener('abort', () => {
    emit({ type: 'note', level: 0, message: 'Interrupted: ending what runs on the hosts. Ctrl-C again ends at once.' });
  });
  if (options.step && !interactive) {
    throw new Fault('option-invalid', '--step asks before each task, and nobody can answer here', {
      hint: 'run it in a terminal',
    });
  }
  const passwords = connects ? await passwordsFor(options, ask) : {};
  return {
    playbooks,
    inventory: options.inventory,
    extraVars: options.extraVars,
    tags: options.tags,
    skipTags: options.skipTags,
    check: options.check ?? false,
    diff: options.diff ?? false,
    forks: options.forks ?? FORKS,
    verbosity: options.verbose,
    forceHandlers: options.forceHandlers ?? false,
    progress: kind === 'live' || (kind === 'json' && options.verbose > 0),
    connection: {
      ...given({
        user: options.user,
        connection: options.connection,
        privateKey: options.privateKey,
        timeout: options.timeout,
        sshCommonArgs: options.sshCommonArgs,
        sshExtraArgs: options.sshExtraArgs,
        becomeUser: options.becomeUser,
        becomeMethod: options.becomeMethod,
      }),
      ...passwords,
      become: options.become ?? false,
    },
    ...given({
      limit: options.limit,
      startAtTask: options.startAtTask,
      step: options.step && stepwise(ask),
      ask: interactive ? ask : undefined,
    }),
    emit,
    signal,
  };
}
