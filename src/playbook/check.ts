/** Everything that can be found wrong with a playbook before anything is connected to. */

import type { Fault, Findings, Where } from '../fault.ts';
import type { ModuleCatalog } from '../module/catalog.ts';
import { checkArguments } from '../module/check-arguments.ts';
import type { Templar } from '../template/templar.ts';
import { near } from '../value/near.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';
import type { Entry, Play, Playbook, Task } from './types.ts';

/** Modules are loaded to know their arguments; templates are parsed, not evaluated. */
export async function checkPlaybook(
  playbook: Playbook,
  modules: ModuleCatalog,
  templar: Templar,
  findings: Findings,
): Promise<void> {
  const seen = new Set<Entry>();
  for (const play of playbook.plays) {
    checkTemplates([play.hosts, play.vars, ...play.varsFiles], templar, findings);
    const entries = [...play.sections.flatMap((section) => section.entries), ...play.handlers];
    for (const { entry } of everything(entries, seen)) {
      if (entry.kind === 'task') await checkTask(entry, modules, templar, findings);
      else checkKeywords(entry.keywords, entry.vars, templar, findings);
    }
    checkNotified(play, findings);
  }
}

function* everything(entries: readonly Entry[], seen: Set<Entry>): Iterable<{ readonly entry: Entry }> {
  for (const entry of entries) {
    if (seen.has(entry)) continue;
    seen.add(entry);
    yield { entry };
    if (entry.kind === 'block') yield* everything([...entry.block, ...entry.rescue, ...entry.always], seen);
  }
}

async function checkTask(task: Task, modules: ModuleCatalog, templar: Templar, findings: Findings): Promise<void> {
  checkKeywords(task.keywords, task.vars, templar, findings);
  checkTemplates([task.args, task.loop?.kind === 'loop' ? task.loop.items : null], templar, findings, task.argsWhere);
  const { action, args, argsWhere } = task;
  try {
    const found = await modules.resolve(action);
    if (found.kind === 'module') {
      const open = task.argsTemplate !== undefined;
      findings.faults.push(
        ...checkArguments(found.name, found.module, args, { where: argsWhere, partial: true, open }),
      );
    } else if (found.kind === 'lacking') {
      findings.warn('module-unsupported', `playbake has no module ${action} yet: the task fails if it is reached`, {
        where: argsWhere,
        hint: found.because,
      });
    } else if (found.kind === 'unknown') {
      const hint =
        found.near.length > 0 ? `did you mean ${found.near.map((one) => `"${one}"`).join(' or ')}?` : undefined;
      findings.fault('module-unknown', `couldn't resolve module/action '${action}'`, { where: argsWhere, hint });
    }
  } catch (error) {
    findings.keep(error);
  }
}

const CONDITIONS = ['when', 'until', 'changed_when', 'failed_when'];

function checkKeywords(keywords: Dict, vars: Dict, templar: Templar, findings: Findings): void {
  checkTemplates([vars], templar, findings);
  for (const [key, value] of keywords) {
    const where = whereOf(keywords, key);
    if (CONDITIONS.includes(String(key))) checkCondition(value, where, templar, findings);
    else checkTemplates([value], templar, findings, where);
  }
}

/** A condition is an expression without braces; one with braces is checked as the template that it is. */
function checkCondition(value: Value, where: Where | undefined, templar: Templar, findings: Findings): void {
  if (isList(value)) {
    value.forEach((item, index) => {
      checkCondition(item, whereOf(value, index), templar, findings);
    });
  } else if (typeof value === 'string' && !/\{\{|\{%/.test(value)) {
    const start = where?.column === undefined ? where : { ...where, column: where.column - '{{ '.length };
    findings.faults.push(...templar.check(`{{ ${value} }}`, start));
  } else checkTemplates([value], templar, findings, where);
}

function checkTemplates(values: readonly Value[], templar: Templar, findings: Findings, where?: Where): void {
  for (const value of values) {
    const place = isDict(value) || isList(value) ? (whereOf(value) ?? where) : where;
    const faults: readonly Fault[] = templar.check(value, place);
    findings.faults.push(...faults);
  }
}

/** Names of handlers can only be judged where nothing dynamic may bring handlers. */
function checkNotified(play: Play, findings: Findings): void {
  const entries = play.sections.flatMap((section) => section.entries);
  const all = [...everything([...entries, ...play.handlers], new Set())].map(({ entry }) => entry);
  if (all.some((entry) => entry.kind === 'task' && entry.action.startsWith('include_'))) return;
  const known = handlerNames(play.handlers);
  if ([...known].some((name) => name.includes('{{'))) return;
  for (const { keywords } of all) {
    const notify = keywords.get('notify');
    if (notify === undefined || notify === null) continue;
    const names = isList(notify) ? notify : [notify];
    names.forEach((name, index) => {
      if (typeof name !== 'string' || name.includes('{{') || known.has(name)) return;
      const meant = near(name, known);
      findings.fault('handler-missing', `The requested handler '${name}' was not found in this play`, {
        where: whereOf(notify, index) ?? whereOf(keywords, 'notify'),
        hint: meant.length > 0 ? `did you mean "${meant[0]}"?` : undefined,
      });
    });
  }
}

function handlerNames(handlers: readonly Entry[]): Set<string> {
  const names = new Set<string>();
  for (const { entry } of everything(handlers, new Set())) {
    if (entry.name !== undefined) {
      names.add(entry.name);
      if (entry.role) names.add(`${entry.role.name} : ${entry.name}`);
    }
    const listen = entry.keywords.get('listen') ?? [];
    for (const topic of isList(listen) ? listen : [listen]) names.add(String(topic));
  }
  return names;
}
