/** Everything that can be found wrong with a playbook before anything is connected to. */

import { dirname } from 'node:path';
import { Findings } from '../fault.ts';
import type { ModuleCatalog } from '../module/catalog.ts';
import type { Templar } from '../template/templar.ts';
import { LocalFiles } from './check-files.ts';
import { addFound, readIncluded } from './check-included.ts';
import { checkDefaults, checkModule } from './check-module.ts';
import { checkNotified } from './check-notified.ts';
import { checkKeywordTemplates, checkPlayTemplates, checkTaskTemplates } from './check-templates.ts';
import { checkVarsFiles } from './check-vars-files.ts';
import { tidy } from './tidy.ts';
import type { Play, Playbook, Task } from './types.ts';
import { type Visit, walk, walkIncluded } from './walk.ts';

/** Modules are loaded to know their arguments; templates are parsed, not evaluated; no host is looked at. */
export async function checkPlaybook(
  playbook: Playbook,
  modules: ModuleCatalog,
  templar: Templar,
  findings: Findings,
): Promise<void> {
  const files = new LocalFiles(dirname(playbook.file));
  for (const [index, play] of playbook.plays.entries()) {
    checkPlayTemplates(play, templar, findings);
    checkVarsFiles(play, index === 0, findings);
    await checkDefaults(play.keywords, modules, findings);
    await checkEntries(walk(play), {
      play,
      modules,
      templar,
      findings,
      files,
      included: { surely: new Set(), perhaps: new Set() },
    });
    checkNotified(play, findings);
  }
  tidy(findings.faults);
  tidy(findings.warnings);
}

interface Checking {
  readonly play: Play;
  readonly modules: ModuleCatalog;
  readonly templar: Templar;
  readonly findings: Findings;
  readonly files: LocalFiles;
  /** Files of include_tasks that were looked at: where they surely run, and where they may. */
  readonly included: { readonly surely: Set<string>; readonly perhaps: Set<string> };
}

async function checkEntries(visits: Iterable<Visit>, checking: Checking): Promise<void> {
  const { play, modules, templar, findings, files } = checking;
  for (const visit of visits) {
    const { entry, isOptional, isWithinOptional } = visit;
    checkKeywordTemplates(entry, templar, findings, isWithinOptional);
    await checkDefaults(entry.keywords, modules, findings);
    if (entry.kind === 'block') continue;
    checkTaskTemplates(entry, templar, findings, isOptional);
    await checkModule(entry, visit, modules, findings);
    files.check(entry, visit, play, findings);
    await checkInside(entry, visit, checking);
  }
}

async function checkInside(task: Task, visit: Visit, checking: Checking): Promise<void> {
  const found = new Findings();
  const { surely, perhaps } = checking.included;
  const entries = readIncluded(task, checking.play.directory, visit.isOptional ? perhaps : surely, found);
  await checkEntries(walkIncluded(entries, visit), { ...checking, findings: found });
  addFound(found, visit.isOptional, checking.findings);
}
