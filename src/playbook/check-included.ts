/** Files that include_tasks names outright: read before they are reached, as far as that can be done without a host. */

import { dirname } from 'node:path';
import { Fault, Findings } from '../fault.ts';
import { isTemplate } from '../template/templar.ts';
import { findTasks } from './find-tasks.ts';
import { ifReached } from './if-reached.ts';
import type { TaskContext } from './loader.ts';
import { readTaskFile } from './read-task-file.ts';
import type { Entry, Task } from './types.ts';

/**
 * The entries of the file; none where its name is a template. A file that is not there is a warning, as it is only
 * wanted when the task is reached. @param seen files that are not to be read again.
 */
export function readIncluded(
  task: Task,
  playbookDirectory: string,
  seen: Set<string>,
  findings: Findings,
): readonly Entry[] {
  const { action, args, argsWhere: where, role, directory, collections } = task;
  const name = args.get('file') ?? args.get('_raw_params');
  if (action !== 'include_tasks' || typeof name !== 'string' || isTemplate(name)) return [];
  const own = new Findings();
  const context: TaskContext = {
    ...{ playbookDirectory, role, directory, findings: own, extraVars: new Map(), handlers: true },
    ...(collections && { collections }),
  };
  try {
    const file = findTasks(name, context, { where });
    if (seen.has(file)) return [];
    seen.add(file);
    const entries = readTaskFile(file, { ...context, directory: dirname(file), handlers: false });
    // The name of an import may hold what only a host has.
    findings.faults.push(...own.faults.filter(({ code }) => code !== 'template-undefined'));
    findings.warnings.push(...own.warnings);
    return entries;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    findings.warn(error.code, ifReached(error.message), { where });
    return [];
  }
}

/** Adds what was found in an included file; where that may be passed over, faults are warnings and warnings nothing. */
export function addFound(found: Findings, isOptional: boolean, findings: Findings): void {
  if (!isOptional) {
    findings.faults.push(...found.faults);
    findings.warnings.push(...found.warnings);
    return;
  }
  for (const { code, message, where, hint } of found.faults) {
    findings.warn(code, ifReached(message), { where, hint });
  }
}
