/** A list of tasks, blocks and imports as entries; imports are followed where they stand. */

import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { Fault } from '../fault.ts';
import { isTemplate, layer, Scope, Templar } from '../template/templar.ts';
import { inherit, whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';
import { checkValues, unknownKeyword } from './check-keywords.ts';
import { isKeyword } from './keywords.ts';
import { inFile, readDocument, type TaskContext } from './loader.ts';
import { readTask, readVars } from './read-task.ts';
import { loadRole, roleOptions } from './roles.ts';
import type { Block, Entry, Task } from './types.ts';

/** @param list what stands under `tasks:`, `block:` or in a task file; null is an empty list. */
export function readEntries(
  list: Value,
  place: { readonly container: Value; readonly key?: Value },
  context: TaskContext,
): readonly Entry[] {
  if (list === null) return [];
  if (!isList(list)) {
    context.findings.fault('playbook-invalid', 'a list of tasks is wanted here', {
      where: whereOf(place.container, place.key),
      hint: 'begin each task with a dash: - name: …',
    });
    return [];
  }
  return list.flatMap((item, index): readonly Entry[] => {
    if (isDict(item)) return readEntry(item, context);
    if (item === null) return [];
    context.findings.fault('playbook-invalid', 'a task must be a mapping such as  - command: uptime', {
      where: whereOf(list, index),
    });
    return [];
  });
}

function readEntry(map: Dict, context: TaskContext): readonly Entry[] {
  if (map.has('block')) return [readBlock(map, context)];
  if (map.has('rescue') || map.has('always')) {
    context.findings.fault('playbook-invalid', `'rescue' and 'always' need a 'block'`, { where: whereOf(map) });
    return [];
  }
  const task = readTask(map, context);
  if (!task) return [];
  if (task.action === 'import_tasks') return collected(context, () => [importTasks(task, context)]);
  if (task.action === 'import_role') return collected(context, () => [importRole(task, context)]);
  if (task.action === 'import_playbook') {
    context.findings.fault('playbook-invalid', 'import_playbook stands at the top of a playbook, not among tasks', {
      where: task.where,
    });
    return [];
  }
  return [task];
}

function collected(context: TaskContext, read: () => readonly Entry[]): readonly Entry[] {
  return context.findings.collect(read) ?? [];
}

function readBlock(map: Dict, context: TaskContext): Block {
  const { findings } = context;
  checkValues(map, 'block', findings);
  for (const key of map.keys()) {
    if (!isKeyword('block', String(key))) unknownKeyword(map, key, 'block', findings);
  }
  const part = (key: string) => readEntries(map.get(key) ?? null, { container: map, key }, context);
  return {
    ...blockOf(map, context),
    block: part('block'),
    rescue: part('rescue'),
    always: part('always'),
  };
}

/** The keywords of a block, with nothing in it yet. */
export function blockOf(map: Dict, context: TaskContext): Block {
  const own = new Set<Value>(['block', 'rescue', 'always', 'name', 'vars']);
  const name = map.get('name');
  return {
    kind: 'block',
    where: whereOf(map) ?? { file: context.directory },
    name: name === undefined || name === null ? undefined : String(name),
    keywords: inherit(new Map([...map].filter(([key]) => !own.has(key))), map),
    vars: readVars(map.get('vars'), whereOf(map, 'vars'), context.findings),
    block: [],
    rescue: [],
    always: [],
    role: context.role,
  };
}

function importTasks(task: Task, context: TaskContext): Block {
  refuseLoop(task);
  const name = task.args.get('file') ?? task.args.get('_raw_params');
  if (typeof name !== 'string')
    throw new Fault('argument-missing', 'No file specified for import_tasks', { where: task.argsWhere });
  const file = findTaskFile(staticText(name, task, context), context, task.argsWhere);
  const importing = context.importing ?? [];
  if (importing.includes(file)) {
    throw new Fault('playbook-invalid', `${file} imports itself: ${[...importing, file].join(' -> ')}`, {
      where: task.argsWhere,
    });
  }
  const inner = { ...inFile(context, file), importing: [...importing, file] };
  return { ...standIn(task, context), block: readTaskFile(file, inner) };
}

function importRole(task: Task, context: TaskContext): Block {
  refuseLoop(task);
  const name = task.args.get('name') ?? task.args.get('role');
  if (typeof name !== 'string')
    throw new Fault('argument-missing', "'name' is a required field for import_role.", { where: task.argsWhere });
  const options = {
    where: task.where,
    ...roleOptions(task.args),
    allowDuplicates: task.args.get('allow_duplicates') !== false,
  };
  return { ...standIn(task, context), block: [loadRole(staticText(name, task, context), options, context)] };
}

/** The block that stands for an import: the import's keywords go on to all that it brings. */
function standIn(task: Task, context: TaskContext): Block {
  const { where, name, keywords, vars } = task;
  return { kind: 'block', where, name, keywords, vars, block: [], rescue: [], always: [], role: context.role };
}

function refuseLoop({ loop, action }: Task): void {
  if (!loop) return;
  throw new Fault(
    'playbook-invalid',
    `You cannot use loops on '${action}' statements. You should use '${action.replace('import', 'include')}' instead.`,
    {
      where: loop.where,
    },
  );
}

/** A name that is needed before any host is known: extra variables and the play's may stand in it. */
export function staticText(
  text: string,
  task: { readonly argsWhere: Task['argsWhere']; readonly vars: Dict },
  context: TaskContext,
): string {
  if (!isTemplate(text)) return text;
  const templar = new Templar();
  const layers = [
    context.extraVars,
    ...(context.role ? [context.role.params, context.role.vars] : []),
    task.vars,
    context.vars ?? new Map(),
    ...(context.role ? [context.role.defaults] : []),
  ];
  const magic = new Map<Value, Value>([['playbook_dir', context.playbookDirectory]]);
  if (context.role) magic.set('role_path', context.role.path).set('role_name', context.role.name);
  const scope = new Scope(
    templar,
    [...layers, magic].map((vars) => layer(vars)),
  );
  return String(templar.render(text, scope, task.argsWhere));
}

export function readTaskFile(file: string, context: TaskContext): readonly Entry[] {
  const document = readDocument(file, context.findings);
  if (document !== null && !isList(document)) {
    context.findings.fault('playbook-invalid', 'a task file holds a list of tasks', {
      where: whereOf(document) ?? { file, line: 1, column: 1 },
    });
    return [];
  }
  return readEntries(document, { container: document }, context);
}

/** Ansible's order: the role's tasks, the directory of the file that includes, the playbook's. */
export function findTaskFile(name: string, context: TaskContext, where?: Task['argsWhere']): string {
  const directories = context.role
    ? [join(context.role.path, 'tasks'), context.directory, context.playbookDirectory]
    : [context.directory, context.playbookDirectory];
  const beside = isAbsolute(name)
    ? [name]
    : [context.directory, ...directories].map((directory) => join(directory, name));
  const inTasks = isAbsolute(name) ? [] : directories.map((directory) => join(directory, 'tasks', name));
  const tried = [...new Set([...beside, ...inTasks].map((path) => resolve(path)))];
  const found = tried.find((path) => existsSync(path));
  if (found) return found;
  throw new Fault('file-missing', `Could not find or access '${name}'\nSearched in:\n\t${tried.join('\n\t')}`, {
    where,
  });
}
