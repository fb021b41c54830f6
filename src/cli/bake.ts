/** `bake PLAYBOOK|IMAGE`, `bake list`, `bake sweep`: options in, exit code out. */

import { dirname, resolve } from 'node:path';
import { type BakeResult, bake as bakeImage, type OnError } from '../bake/bake.ts';
import { imageMeant } from '../bake/image-meant.ts';
import { accountOf } from '../bake/journal/account.ts';
import { readJournal } from '../bake/journal/journal.ts';
import { runDirectory } from '../bake/journal/run-directory.ts';
import { leftoversIn, runMeant } from '../bake/leftovers.ts';
import type { BakeRequest } from '../bake/request.ts';
import { chooseCloud } from '../cloud/choose-cloud.ts';
import type { Cloud } from '../cloud/cloud.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { Fault } from '../fault.ts';
import type { BakeReporter } from '../report/bake-reporter.ts';
import { faultsText } from '../report/fault.ts';
import { toPlain } from '../value/value.ts';
import { type BakeOptions, parseBakeArguments } from './bake-options.ts';
import { planVerb } from './bake-plan.ts';
import { bakeReporterOf } from './bake-reporter-of.ts';
import { exitCodeOf } from './exit-code.ts';
import { listRuns, sweepRuns } from './leftover-verbs.ts';
import { ensureCloud } from './sandbox-cloud.ts';
import type { Session, Verb } from './session.ts';

export const bake: Verb = async (args, session) => {
  const parsed = parseBakeArguments(args, session.screen.out);
  if (!parsed) return 0;
  const { verb, word, options } = parsed;
  const config = configOf(options.config, session);
  const project = projectOf(config);
  if (verb === 'list')
    return listRuns({ config, project, all: options.all === true, json: options.json === true }, session);
  if (verb === 'bake' && options.plan)
    return planVerb(requestOf(word ?? '', options, config, project), config, options.json === true, session);
  if (options.lint && verb === 'bake') return lintOne(word, options, config, session);
  if (options.onError === 'ask' && !session.interactive) {
    throw new Fault('option-invalid', '--on-error ask asks, and nobody can answer here', {
      hint: 'run it in a terminal, or choose undo or keep',
    });
  }
  const reporter = await bakeReporterOf(options, session);
  try {
    if (verb === 'sweep')
      return await sweepRuns({ config, project, run: word, all: options.all === true }, reporter, session);
    const run =
      options.resume === undefined ? undefined : runMeant(runOf(options.resume, word), leftoversIn(project)).run;
    const request =
      run === undefined
        ? requestOf(word ?? '', options, config, project)
        : resumedRequest(run, options, config, project);
    return await bakeOne(request, run, config, options, reporter, session);
  } finally {
    await reporter.close();
  }
};

async function lintOne(
  word: string | undefined,
  { extraVars, json }: BakeOptions,
  config: Config,
  session: Session,
): Promise<number> {
  const { playbook, vars } = imageMeant(word ?? '', config, process.cwd());
  const own = vars.size > 0 ? [JSON.stringify(toPlain(vars))] : [];
  const { bakeLint } = await import('./bake-lint.ts');
  return bakeLint({ playbooks: [playbook], extraVars: [...own, ...extraVars], json: json === true }, session);
}

function configOf(file: string | undefined, { screen }: Session): Config {
  const onWarning = (fault: Fault) => screen.err(`[WARNING]: ${fault.message}\n`);
  return loadConfig({ directory: screen.directory, file, onWarning });
}

function projectOf({ file }: Config): string {
  return file === undefined ? process.cwd() : dirname(file);
}

/** `--resume RUN` takes the word that follows it, `--resume` alone may have it before. */
function runOf(given: string | true, word: string | undefined): string | undefined {
  return given === true ? word : given;
}

async function bakeOne(
  request: BakeRequest,
  resume: string | undefined,
  config: Config,
  options: BakeOptions,
  reporter: BakeReporter,
  session: Session,
): Promise<number> {
  const { signal, screen } = session;
  const cloud: Cloud = await chooseCloud(config, () => ensureCloud(session));
  signal.addEventListener('abort', () => {
    const message = 'Stopping; what was made is removed.';
    reporter.emit({ type: 'warning', message, hint: 'Ctrl-C again ends at once; then `bake sweep` removes it' });
  });
  const result = await bakeImage({
    request,
    cloud,
    resume,
    emit: (event) => reporter.emit(event),
    signal,
    onError: (_, faults) => choose(options.onError, faults, reporter, session),
  }).finally(() => cloud.close());
  await reporter.close();
  if (result.faults.length > 0) screen.err(faultsText(result.faults, screen));
  return exitCode(result);
}

async function choose(
  way: BakeOptions['onError'],
  faults: readonly Fault[],
  reporter: BakeReporter,
  { screen, ask }: Session,
): Promise<OnError> {
  if (way !== 'ask') return way;
  return reporter.aside(async () => {
    screen.err(faultsText(faults, screen));
    for (;;) {
      const answer = (await ask('(u)ndo all, (k)eep all to look into it, (r)etry the step: ', { echo: true })).trim();
      if (answer === '' || /^u/i.test(answer)) return 'undo';
      if (/^k/i.test(answer)) return 'keep';
      if (/^r/i.test(answer)) return 'retry';
    }
  });
}

function exitCode({ outcome, faults }: BakeResult): number {
  if (outcome === 'interrupted') return 99;
  if (faults.length > 0) return exitCodeOf(faults);
  return outcome === 'baked' || outcome === 'unchanged' ? 0 : 1;
}

function requestOf(word: string, options: BakeOptions, config: Config, project: string): BakeRequest {
  return {
    image: imageMeant(word, config, process.cwd()),
    project,
    configFile: config.file,
    inventory: options.inventory,
    extraVars: options.extraVars,
    tags: options.tags,
    skipTags: options.skipTags,
    name: options.name,
    sshFrom: options.fromCidr ?? config.sshFrom,
    test: options.test,
    force: options.force ?? false,
    verbosity: options.verbose,
  };
}

/** A run goes on as it was begun. */
function resumedRequest(run: string, options: BakeOptions, config: Config, project: string): BakeRequest {
  const { facts } = accountOf(readJournal(runDirectory(project, run).journal));
  const word = facts === undefined ? run : config.images.has(facts.image) ? facts.image : facts.playbook;
  const request = requestOf(word, options, config, resolve(project));
  if (facts === undefined) return request;
  const { inventory, tags, skipTags, name, test, force } = facts;
  return { ...request, inventory, tags, skipTags, name, test, force };
}
