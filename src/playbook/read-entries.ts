/** A list of tasks, blocks and imports as entries; imports are followed where they stand. */

import { inherit, whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';
import { importRole, importTasks } from './imports.ts';
import { inCollections, type TaskContext } from './loader.ts';
import { nameOf, readTask, readVars } from './read-task.ts';
import type { Block, Entry } from './types.ts';

/** @param list what stands under `tasks:`, `block:` or in a task file. What is no task is in the findings already. */
export function readEntries(list: Value | undefined, context: TaskContext): readonly Entry[] {
  return isList(list) ? list.filter(isDict).flatMap((map) => readEntry(map, context)) : [];
}

function readEntry(map: Dict, context: TaskContext): readonly Entry[] {
  if (map.has('block') || map.has('rescue') || map.has('always')) return [readBlock(map, context)];
  const task = readTask(map, context);
  if (!task) return [];
  const { findings } = context;
  switch (task.action) {
    case 'import_tasks':
      return findings.collect(() => [importTasks(task, context)]) ?? [];
    case 'import_role':
      return findings.collect(() => [importRole(task, context)]) ?? [];
    case 'import_playbook':
      findings.fault('playbook-invalid', 'import_playbook stands at the top of a playbook, not among tasks', {
        where: task.argsWhere,
      });
      return [];
    default:
      return [task];
  }
}

const STRUCTURE: ReadonlySet<Value> = new Set(['block', 'rescue', 'always', 'name', 'vars', 'collections']);

function readBlock(map: Dict, outer: TaskContext): Block {
  const context = inCollections(outer, map);
  const block: Block = {
    kind: 'block',
    where: whereOf(map) ?? { file: context.directory },
    name: nameOf(map),
    keywords: inherit(new Map([...map].filter(([key]) => !STRUCTURE.has(key))), map),
    vars: readVars(map.get('vars')),
    block: readEntries(map.get('block'), context),
    rescue: readEntries(map.get('rescue'), context),
    always: readEntries(map.get('always'), context),
    role: context.role,
  };
  for (const part of ['rescue', 'always'] as const) {
    const written = map.get(part);
    if (block.block.length > 0 || !isList(written) || written.length === 0 || hasTasks(map)) continue;
    context.findings.fault('playbook-invalid', `'${part}' keyword cannot be used without 'block'`, {
      where: whereOf(map, part, 'key'),
    });
  }
  return block;
}

/** Whether tasks are written in the block, good or bad. */
function hasTasks(map: Dict): boolean {
  const tasks = map.get('block');
  return isList(tasks) && tasks.length > 0;
}
