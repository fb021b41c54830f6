/** Static imports of task files and roles: the block that stands for each. */

import { Fault } from '../fault.ts';
import { findTasks } from './find-tasks.ts';
import { inFile, type TaskContext } from './loader.ts';
import { readTaskFile } from './read-task-file.ts';
import { loadRole, roleOptions } from './roles.ts';
import { staticText } from './static-text.ts';
import type { Block, Task } from './types.ts';

/** Throws a Fault for a file that is nowhere or imports itself. */
export function importTasks(task: Task, context: TaskContext): Block {
  refuseLoop(task);
  const block = standIn(task, context);
  const name = task.args.get('file') ?? task.args.get('_raw_params');
  if (typeof name !== 'string') return block;
  const text = staticText(name, task.argsWhere, task.vars, context);
  const file = findTasks(text, context, { where: task.argsWhere, isStatic: true });
  const importing = context.importing ?? [];
  if (importing.includes(file)) {
    throw new Fault('playbook-invalid', `${file} imports itself: ${[...importing, file].join(' -> ')}`, {
      where: task.argsWhere,
      hint: 'use include_tasks with a condition for tasks that repeat themselves',
    });
  }
  const { findings } = context;
  const before = findings.faults.length;
  const entries = readTaskFile(file, { ...inFile(context, file), importing: [...importing, file] });
  if (entries.length === 0 && findings.faults.length === before) {
    const message = `file ${file} is empty and had no tasks to include`;
    findings.warn('playbook-invalid', message, { where: task.argsWhere });
  }
  return { ...block, block: entries };
}

/** Throws a Fault for a role that is nowhere or imports itself. */
export function importRole(task: Task, context: TaskContext): Block {
  refuseLoop(task);
  const block = standIn(task, context);
  const name = task.args.get('name') ?? task.args.get('role');
  if (name === undefined || name === null) return block;
  const text = staticText(String(name), task.argsWhere, task.vars, context);
  const options = { ...roleOptions(task.args), where: task.argsWhere, vars: task.vars };
  return { ...block, block: [loadRole(text, options, context)] };
}

/** The import's keywords go on to all that it brings. */
function standIn(task: Task, { role }: TaskContext): Block {
  const { where, name, keywords, vars } = task;
  return { kind: 'block', where, name, keywords, vars, block: [], rescue: [], always: [], role };
}

function refuseLoop({ loop, action }: Task): void {
  if (!loop) return;
  const include = action.replace('import', 'include');
  throw new Fault(
    'playbook-invalid',
    `You cannot use loops on '${action}' statements. You should use '${include}' instead.`,
    { where: loop.where },
  );
}
