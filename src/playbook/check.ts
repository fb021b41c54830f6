/** Everything that can be found wrong with a playbook before anything is connected to. */

import { dirname } from 'node:path';
import type { Findings } from '../fault.ts';
import type { ModuleCatalog } from '../module/catalog.ts';
import type { Templar } from '../template/templar.ts';
import { LocalFiles } from './check-files.ts';
import { checkIncluded } from './check-included.ts';
import { checkDefaults, checkModule } from './check-module.ts';
import { checkNotified } from './check-notified.ts';
import { checkKeywordTemplates, checkPlayTemplates, checkTaskTemplates } from './check-templates.ts';
import { checkVarsFiles } from './check-vars-files.ts';
import { tidy } from './tidy.ts';
import type { Playbook } from './types.ts';
import { walk } from './walk.ts';

/** Modules are loaded to know their arguments; templates are parsed, not evaluated; no host is looked at. */
export async function checkPlaybook(
  playbook: Playbook,
  modules: ModuleCatalog,
  templar: Templar,
  findings: Findings,
): Promise<void> {
  const directory = dirname(playbook.file);
  const files = new LocalFiles(directory, findings);
  for (const [index, play] of playbook.plays.entries()) {
    checkPlayTemplates(play, templar, findings);
    checkVarsFiles(play, index === 0, findings);
    await checkDefaults(play.keywords, modules, findings);
    for (const visit of walk(play)) {
      const { entry, isOptional, isWithinOptional } = visit;
      checkKeywordTemplates(entry, templar, findings, isWithinOptional);
      await checkDefaults(entry.keywords, modules, findings);
      if (entry.kind === 'block') continue;
      checkTaskTemplates(entry, templar, findings, isOptional);
      await checkModule(entry, visit, modules, findings);
      files.check(entry, visit, play);
      checkIncluded(entry, directory, findings);
    }
    checkNotified(play, findings);
  }
  tidy(findings.faults);
  tidy(findings.warnings);
}
