/** Which tasks of playbooks a bake does, which it leaves to the first boot or to live hosts, and why. Nothing is connected to. */

import { dirname, resolve } from 'node:path';
import { type Fault, Findings } from '../fault.ts';
import { parseExtraVars } from '../inventory/extra-vars.ts';
import { ModuleCatalog } from '../module/catalog.ts';
import { checkPlaybook } from '../playbook/check.ts';
import { readIncluded } from '../playbook/check-included.ts';
import { loadPlaybook } from '../playbook/load.ts';
import type { Entry, Play } from '../playbook/types.ts';
import { type Visit, walk, walkIncluded } from '../playbook/walk.ts';
import { isTemplate, Templar } from '../template/templar.ts';
import { whereOf } from '../value/source.ts';
import type { BakeLint, LintedPlay, LintedTask, LintNote } from './bake-lint.ts';
import { isLocal, patternsOf } from './build-machine.ts';
import { checkExists } from './check-exists.ts';
import { expressionsOf, readsName } from './lint-names.ts';
import { lineOf, lintTask } from './lint-task.ts';
import { moduleDirectories } from './module-directories.ts';
import { playTitle } from './run-play.ts';

export interface LintOptions {
  readonly playbooks: readonly string[];
  /** `-e` as written: names of imports may hold them. */
  readonly extraVars?: readonly string[];
  readonly onWarning?: (fault: Fault) => void;
}

/** Throws Faults for everything that is wrong with the playbooks themselves, as a play does. */
export async function lintForBake({ playbooks, extraVars = [], onWarning }: LintOptions): Promise<BakeLint> {
  const findings = new Findings();
  for (const file of playbooks) findings.collect(() => checkExists(file));
  findings.check();
  const directory = dirname(resolve(playbooks[0] ?? '.'));
  const vars = parseExtraVars(extraVars, { workingDirectory: process.cwd(), findings });
  const modules = new ModuleCatalog({ directories: moduleDirectories(directory) });
  const templar = new Templar();
  const loaded = playbooks.map((file) => loadPlaybook(resolve(file), { findings, extraVars: vars }));
  for (const playbook of loaded) await checkPlaybook(playbook, modules, templar, findings);
  findings.check();
  for (const warning of findings.warnings) onWarning?.(warning);
  return {
    playbooks: await Promise.all(
      loaded.map(async ({ file, plays }) => ({
        file,
        plays: await Promise.all(plays.map((play) => lintPlay(play, modules, templar))),
      })),
    ),
  };
}

async function lintPlay(play: Play, modules: ModuleCatalog, templar: Templar): Promise<LintedPlay> {
  const handlers = new Set(flat(play.handlers));
  const visits = [...everyTask(play)];
  const tasks: { readonly visit: Visit; readonly linted: LintedTask }[] = [];
  for (const visit of visits) {
    const linted = await lintTask(visit, { play, modules, templar, handler: handlers.has(visit.entry) });
    if (linted) tasks.push({ visit, linted });
  }
  return {
    name: playTitle(play),
    hosts: patternsOf(play.hosts).join(','),
    where: lineOf(play.where),
    notes: notesOf(play),
    tasks: tasks.map(({ visit, linted }) => withMissing(visit, linted, tasks)),
  };
}

/** Those of included files too, where their names are plain. */
function* everyTask(play: Play): Iterable<Visit> {
  const seen = new Set<string>();
  function* inside(visits: Iterable<Visit>): Iterable<Visit> {
    for (const visit of visits) {
      yield visit;
      if (visit.entry.kind === 'block') continue;
      yield* inside(walkIncluded(readIncluded(visit.entry, play.directory, seen, new Findings()), visit));
    }
  }
  yield* inside(walk(play));
}

function flat(entries: readonly Entry[]): readonly Entry[] {
  return entries.flatMap((entry) => (entry.kind === 'task' ? [entry] : [entry, ...flat(entry.block)]));
}

function notesOf(play: Play): readonly LintNote[] {
  const { keywords } = play;
  const where = lineOf(play.where);
  const hosts = patternsOf(play.hosts);
  const at = (name: string) => lineOf(whereOf(keywords, name) ?? play.where);
  const notes: (LintNote | false)[] = [
    isLocal(hosts) && { text: 'it runs on the control machine, as ever', where },
    keywords.has('serial') && { text: 'serial has nothing to do: there is one host in a bake', where: at('serial') },
    hosts.some(isTemplate) && { text: 'its hosts are a template: it runs on the machine whatever they are', where },
    play.varsPrompt.length > 0 && { text: 'vars_prompt asks nobody in a bake: give the answers with -e', where },
  ];
  return notes.filter((note) => note !== false);
}

type Linted = { readonly visit: Visit; readonly linted: LintedTask };

/** A result that a bake does not have is told where it is read. */
function withMissing({ entry, roles }: Visit, linted: LintedTask, all: readonly Linted[]): LintedTask {
  if (entry.kind === 'block' || linted.verdict !== 'bakeable') return linted;
  const expressions = expressionsOf(entry, roles).filter(
    (text) => !/\bis (?:not )?(?:skipped|defined)|default\(/.test(text),
  );
  const advice = [...missing(all)].flatMap(([name, task]) =>
    readsName(expressions, name)
      ? [
          `it reads ${name}, which line ${task.where.line ?? '?'} does not give in a bake: let both have the same tag or when`,
        ]
      : [],
  );
  return advice.length === 0 ? linted : { ...linted, advice: [...linted.advice, ...advice] };
}

/** Names that only tasks register which a bake leaves out. */
function missing(all: readonly Linted[]): ReadonlyMap<string, LintedTask> {
  const found = new Map<string, LintedTask>();
  const given = new Set<string>();
  for (const { visit, linted } of all) {
    const name = visit.entry.keywords.get('register');
    if (typeof name !== 'string') continue;
    if (linted.verdict === 'bakeable') given.add(name);
    else found.set(name, linted);
  }
  for (const name of given) found.delete(name);
  return found;
}
