/** What cannot be done at the first boot, as far as the playbook alone tells: found before a machine is made. */

import type { Findings } from '../../fault.ts';
import type { ModuleCatalog } from '../../module/catalog.ts';
import type { Play } from '../../playbook/types.ts';
import { type Visit, walk } from '../../playbook/walk.ts';
import { descend, type Lineage } from '../lineage.ts';
import type { RunOptions } from '../options.ts';
import { tagsOf } from '../tags.ts';
import { isForFirstBoot } from './later.ts';
import { refuseKeywords, refuseModule } from './refuse.ts';

export async function checkFirstBoot(
  play: Play,
  modules: ModuleCatalog,
  options: RunOptions,
  findings: Findings,
): Promise<void> {
  for (const visit of walk(play)) {
    const { entry, isOptional } = visit;
    const lineage = lineageOf(visit);
    if (entry.kind === 'block' || isOptional || !isForFirstBoot(tagsOf(lineage), options)) continue;
    findings.collect(() => refuseKeywords(entry, lineage));
    const found = await modules.resolve(entry.action);
    if (found.kind === 'module') findings.collect(() => refuseModule(found.name, found.module, entry));
  }
}

/** Enough of it for keywords; variables are not looked at. */
function lineageOf({ entry, inherited }: Visit): Lineage {
  let lineage: Lineage | undefined;
  for (const keywords of [...inherited, entry.keywords]) {
    lineage = descend(lineage, { keywords, vars: new Map() });
  }
  return lineage ?? descend(undefined, { keywords: entry.keywords, vars: new Map() });
}
