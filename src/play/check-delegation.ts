/** Delegation to other hosts, which a bake touches none of: found before a machine is made where it surely happens. */

import { Fault, type Findings, type Where } from '../fault.ts';
import { isLocalhost } from '../inventory/localhost.ts';
import type { Keywords, Play } from '../playbook/types.ts';
import { type Visit, walk } from '../playbook/walk.ts';
import { isTemplate } from '../template/templar.ts';
import { whereOf } from '../value/source.ts';
import type { RunOptions } from './options.ts';
import { isSelected, splitTags } from './tags.ts';

export function checkDelegation(play: Play, options: RunOptions, findings: Findings): void {
  const told = new Set<Keywords>();
  for (const visit of walk(play)) {
    if (visit.entry.kind === 'block' || visit.isOptional || !runs(visit, options)) continue;
    const keywords = levelsOf(visit).findLast((level) => level.has('delegate_to'));
    const host = keywords?.get('delegate_to');
    if (!keywords || told.has(keywords) || typeof host !== 'string' || isTemplate(host)) continue;
    told.add(keywords);
    findings.collect(() => refuseDelegation(host, whereOf(keywords, 'delegate_to') ?? visit.entry.where, options));
  }
}

/** Throws `bake-unsupported` for a host that is neither localhost nor the build machine. */
export function refuseDelegation(host: string, where: Where | undefined, { build }: RunOptions): void {
  if (!build || host === build.name || isLocalhost(host)) return;
  throw new Fault('bake-unsupported', `delegate_to: ${host} is another host, and a bake touches none but its machine`, {
    where,
    hint: "leave the task out of bakes with  when: playbake_mode == 'live'",
  });
}

function runs(visit: Visit, { tags, skipTags }: RunOptions): boolean {
  const own = levelsOf(visit).flatMap((level) => splitTags(level.get('tags') ?? []));
  return isSelected(new Set(own), tags, skipTags);
}

/** Outermost first. */
function levelsOf({ entry, inherited }: Visit): readonly Keywords[] {
  return [...inherited, entry.keywords];
}
