/** The verdict on one task. */

import { Fault, type Where } from '../fault.ts';
import { isLocalhost } from '../inventory/localhost.ts';
import type { ModuleCatalog, Resolution } from '../module/catalog.ts';
import type { Keywords, Play, Task } from '../playbook/types.ts';
import type { Visit } from '../playbook/walk.ts';
import { isTemplate, layer, Scope, type Templar } from '../template/templar.ts';
import { isList, type Value } from '../value/value.ts';
import type { Line, LintedTask } from './bake-lint.ts';
import { asBoolean } from './boolean.ts';
import { isLocal, patternsOf } from './build-machine.ts';
import { FIRST_BOOT } from './first-boot/boot-plan.ts';
import { refuseKeywords, refuseModule } from './first-boot/refuse.ts';
import { descend, type Lineage } from './lineage.ts';
import { expressionsOf, ownFacts } from './lint-names.ts';
import { ruleFor } from './lint-rules.ts';
import { splitTags } from './tags.ts';

export interface LintContext {
  readonly play: Play;
  readonly modules: ModuleCatalog;
  readonly templar: Templar;
  readonly handler: boolean;
}

/** The place without the file's text. */
export function lineOf({ text: _, ...line }: Where): Line {
  return line;
}

type Told = Pick<LintedTask, 'verdict'> & Partial<Pick<LintedTask, 'reason' | 'advice' | 'problem'>>;

/** Undefined for blocks. */
export async function lintTask(visit: Visit, context: LintContext): Promise<LintedTask | undefined> {
  const { entry, roles } = visit;
  if (entry.kind === 'block') return undefined;
  const resolution = await context.modules.resolve(entry.action);
  const told = judge(entry, visit, resolution, context);
  const role = roles.at(-1);
  return {
    name: `${role ? `${role.name} : ` : ''}${entry.name ?? entry.written ?? entry.action}`,
    action: entry.action,
    handler: context.handler,
    where: lineOf(entry.where),
    ...{ reason: undefined, advice: [], problem: false },
    ...told,
  };
}

function judge(task: Task, visit: Visit, resolution: Resolution, context: LintContext): Told {
  const tags = new Set(levelsOf(visit).flatMap((level) => splitTags(level.get('tags') ?? [])));
  if (tags.has('verify')) return { verdict: 'verified in the test of the image' };
  if (isLeftOut(visit, context.templar)) return { verdict: 'live only', reason: 'its condition never holds in a bake' };
  const reads = ownFacts(expressionsOf(task, visit.roles));
  if (tags.has(FIRST_BOOT)) return atFirstBoot(task, visit, resolution, reads);
  if (isLocal(patternsOf(context.play.hosts))) return { verdict: 'bakeable', reason: 'runs on the control machine' };
  const never = tags.has('never') ? 'only when one of its tags is asked for' : undefined;
  if (resolution.kind === 'lacking') return lacking(task, visit);
  const delegated = delegation(visit);
  if (delegated) return delegated;
  const told = byRule(task, visit, resolution);
  const advice = [
    ...(told.advice ?? []),
    ...reads.map(
      (name) =>
        `it reads ${name}, which is the build machine’s: a host of the image has another; tags: [${FIRST_BOOT}]`,
    ),
  ];
  return { ...told, advice, ...(never !== undefined && { reason: told.reason ?? never }) };
}

function atFirstBoot(task: Task, visit: Visit, resolution: Resolution, reads: readonly string[]): Told {
  try {
    refuseKeywords(task, lineageOf(visit));
    if (resolution.kind === 'module') refuseModule(resolution.name, resolution.module, task);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const advice = error.hint === undefined ? [] : [error.hint];
    return { verdict: 'live only', reason: error.message, advice, problem: true };
  }
  if (reads.length === 0) return { verdict: 'at first boot' };
  const reason = `a task of the first boot reads ${reads.join(', ')}: it is known only when the host boots`;
  return { verdict: 'live only', reason, advice: ['have a command ask for it at boot'], problem: true };
}

function lacking(task: Task, { isOptional }: Visit): Told {
  const reason = `playbake has no module ${task.action}`;
  return isOptional
    ? { verdict: 'bakeable', reason: `${reason}; it fails if it is reached` }
    : { verdict: 'live only', reason, problem: true };
}

function delegation(visit: Visit): Told | undefined {
  const host = levelsOf(visit)
    .findLast((level) => level.has('delegate_to'))
    ?.get('delegate_to');
  if (typeof host !== 'string') return undefined;
  if (isLocalhost(host)) return { verdict: 'bakeable', reason: 'runs on the control machine' };
  const advice = ["leave it out of bakes with  when: playbake_mode == 'live'"];
  if (isTemplate(host)) return { verdict: 'bakeable', reason: `fails if ${host} is another host`, advice };
  const reason = `delegate_to: ${host} is another host, and a bake touches none but its machine`;
  return { verdict: 'live only', reason, advice, problem: !visit.isOptional };
}

function byRule(task: Task, visit: Visit, resolution: Resolution): Told {
  const rule = ruleFor(resolution.kind === 'unknown' ? task.action : resolution.name);
  const isNow = [task, ...visit.blocks.toReversed()].some(({ vars }) => asBoolean(vars.get('playbake_now')));
  if (rule && isNow) return { verdict: 'bakeable', reason: 'at once, as live: playbake_now' };
  const { liveOnly, reason, advice } = rule?.(task.args) ?? {};
  return {
    verdict: liveOnly ? 'live only' : 'bakeable',
    ...((reason ?? unknownOf(task)) !== undefined && { reason: reason ?? unknownOf(task) }),
    advice: advice === undefined ? [] : [advice],
  };
}

function unknownOf({ action, args, keywords }: Task): string | undefined {
  const file = args.get('file') ?? args.get('_raw_params');
  if (action === 'include_tasks' && typeof file === 'string' && isTemplate(file))
    return 'what it includes shows in the bake';
  return keywords.has('async') && Number(keywords.get('poll')) === 0
    ? 'what still runs when the image is taken is lost'
    : undefined;
}

/** A condition that needs no host to be false in a bake. */
function isLeftOut(visit: Visit, templar: Templar): boolean {
  const scope = new Scope(templar, [layer({ playbake_mode: 'bake' })]);
  return levelsOf(visit).some((level) => {
    const tests = level.get('when');
    return (isList(tests ?? null) ? (tests as readonly Value[]) : [tests ?? true]).some((test) => {
      try {
        return !templar.condition(test, scope);
      } catch {
        return false;
      }
    });
  });
}

function lineageOf(visit: Visit): Lineage {
  let lineage = descend(undefined, { keywords: new Map(), vars: new Map() });
  for (const keywords of levelsOf(visit)) lineage = descend(lineage, { keywords, vars: new Map() });
  return lineage;
}

/** Keywords of all levels, outermost first. */
function levelsOf({ entry, inherited }: Visit): readonly Keywords[] {
  return [...inherited, entry.keywords];
}
