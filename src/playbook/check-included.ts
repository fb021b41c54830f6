/** Files that include_tasks names outright, and that are not there. */

import { Fault, type Findings } from '../fault.ts';
import { isTemplate } from '../template/templar.ts';
import { findTasks } from './find-tasks.ts';
import type { Task } from './types.ts';

/** A warning, as the file is only wanted when the task is reached. */
export function checkIncluded(task: Task, playbookDirectory: string, findings: Findings): void {
  const { action, args, argsWhere: where, role, directory } = task;
  const name = args.get('file') ?? args.get('_raw_params');
  if (action !== 'include_tasks' || typeof name !== 'string' || isTemplate(name)) return;
  try {
    findTasks(name, { playbookDirectory, role, directory, findings, extraVars: new Map(), handlers: true }, { where });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    findings.warn(error.code, `${error.message}\nThe task fails if it is reached`, { where });
  }
}
