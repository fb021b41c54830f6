/** Whether a task's module exists, and takes the arguments that it is given. */

import type { Findings } from '../fault.ts';
import { ENGINE_ACTIONS, type ModuleCatalog, type Resolution } from '../module/catalog.ts';
import { checkArguments } from '../module/check-arguments.ts';
import { isTemplate } from '../template/templar.ts';
import { near } from '../value/near.ts';
import { whereOf } from '../value/source.ts';
import { isDict, isList } from '../value/value.ts';
import { checkEngineAction } from './check-engine-action.ts';
import { keywordsOf } from './keywords.ts';
import type { Keywords, Task } from './types.ts';
import { didYouMean } from './unknown-keyword.ts';
import { hasDefaults, type Visit } from './walk.ts';

export async function checkModule(
  task: Task,
  { inherited }: Visit,
  modules: ModuleCatalog,
  findings: Findings,
): Promise<void> {
  const { action, args, argsWhere, argsTemplate } = task;
  if (isTemplate(action)) {
    findings.fault('keyword-unsupported', `the name of a module cannot be a template yet: ${action}`, {
      where: argsWhere,
      hint: 'use package, or a task for each module with when',
    });
    return;
  }
  const found = await resolve(task, modules, findings);
  if (found?.kind === 'module') {
    const open = argsTemplate !== undefined || hasDefaults(task, inherited, [action, found.name]);
    const options = { where: argsWhere, partial: true, open };
    findings.faults.push(...checkArguments(found.name, found.module, args, options));
  } else if (found?.kind === 'action') {
    checkEngineAction(found.name, task, inherited, findings);
  } else if (found?.kind === 'lacking') {
    findings.warn('module-unsupported', `playbake has no module ${action} yet: the task fails if it is reached`, {
      where: argsWhere,
      hint: found.because,
    });
  } else if (found?.kind === 'unknown') {
    const keywords = near(action, keywordsOf('task'));
    findings.fault('module-unknown', `couldn't resolve module/action '${action}'`, {
      where: argsWhere,
      hint: didYouMean([...found.near, ...keywords].slice(0, 3)),
    });
  }
}

/** A module file that cannot be loaded is a fault; undefined then. A role's own modules come first. */
async function resolve(task: Task, modules: ModuleCatalog, findings: Findings): Promise<Resolution | undefined> {
  const beside = task.role ? [`${task.role.path}/modules`, `${task.role.path}/library`] : [];
  try {
    const found = await modules.resolve(task.action, beside);
    if (found.kind !== 'unknown' || task.action.includes('.')) return found;
    // A short name may be of a collection that the play names.
    for (const collection of task.collections ?? []) {
      if (collection === 'ansible.builtin' || collection === 'ansible.legacy') continue;
      const inside = await modules.resolve(`${collection}.${task.action}`, beside);
      if (inside.kind !== 'unknown') return inside;
    }
    return found;
  } catch (error) {
    findings.keep(error);
    return undefined;
  }
}

/** Names in module_defaults that nobody knows. */
export async function checkDefaults(keywords: Keywords, modules: ModuleCatalog, findings: Findings): Promise<void> {
  const written = keywords.get('module_defaults') ?? [];
  for (const defaults of isList(written) ? written : [written]) {
    if (!isDict(defaults)) continue;
    for (const key of defaults.keys()) {
      const name = String(key);
      if (name.startsWith('group/') || ENGINE_ACTIONS.has(name)) continue;
      const found = await modules.resolve(name);
      if (found.kind !== 'unknown') continue;
      findings.fault('module-unknown', `Could not resolve action ${name} in module_defaults`, {
        where: whereOf(defaults, key, 'key'),
        hint: didYouMean(found.near),
      });
    }
  }
}
