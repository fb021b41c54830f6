/** Roles: read with their dependencies, and made into the block that stands for their use. */

import { dirname } from 'node:path';
import { Fault, type Where } from '../fault.ts';
import { inherit, whereOf } from '../value/source.ts';
import { type Dict, isList, type Value } from '../value/value.ts';
import { findRole } from './find-role.ts';
import { inCollections, type TaskContext } from './loader.ts';
import { readRoleEntry } from './read-role-entry.ts';
import { readTaskFile } from './read-task-file.ts';
import { mainFile, type Part, readMeta, readRoleVars } from './role-files.ts';
import type { Block, Entry, RoleUse } from './types.ts';

export interface RoleOptions {
  readonly where: Where;
  readonly params?: Dict;
  /** `vars` of the entry or the import: below the role's own. */
  readonly vars?: Dict;
  readonly keywords?: Dict;
  readonly tasksFrom?: string;
  readonly varsFrom?: string;
  readonly defaultsFrom?: string;
  readonly handlersFrom?: string;
  /** The arguments that name the files: what is not there is shown at its name. */
  readonly args?: Dict;
  /** What the use says; otherwise what the role's `meta` says. */
  readonly allowDuplicates?: boolean;
  /** The role that depends on it. */
  readonly parent?: RoleUse;
}

/** What the arguments of import_role and include_role say. Their default is that a role may run again. */
export function roleOptions(args: Dict): Omit<RoleOptions, 'where'> {
  const from = (key: string, name: string) =>
    typeof args.get(key) === 'string' ? { [name]: String(args.get(key)) } : {};
  return {
    ...from('tasks_from', 'tasksFrom'),
    ...from('vars_from', 'varsFrom'),
    ...from('defaults_from', 'defaultsFrom'),
    ...from('handlers_from', 'handlersFrom'),
    args,
    allowDuplicates: isTrue(args.get('allow_duplicates') ?? true),
  };
}

/** Dependencies come first inside the block. Throws `role-missing` with every place that was tried. */
export function loadRole(name: string, options: RoleOptions, outer: TaskContext): Block {
  const { where, parent } = options;
  const path = findRole(name, where, outer, parent && dirname(parent.path));
  const context = entering(path, options, outer);
  const part = (kind: Part['part'], from?: string): Part => {
    const named = from === undefined ? undefined : whereOf(options.args, `${kind}_from`);
    return { path, part: kind, from, where: named ?? where };
  };
  const meta = readMeta(part('meta'), context);
  const role: RoleUse & { dependencies: readonly RoleUse[]; handlers: readonly Entry[] } = {
    name,
    path,
    where,
    defaults: readRoleVars(part('defaults', options.defaultsFrom), context),
    vars: below(options.vars, readRoleVars(part('vars', options.varsFrom), context)),
    params: options.params ?? new Map(),
    allowDuplicates: options.allowDuplicates ?? isTrue(meta.get('allow_duplicates') ?? false),
    ...(options.vars && { given: options.vars }),
    handlers: [],
    dependencies: [],
    parent,
  };
  const inside = { ...insideOf(name, meta, context), role };
  const before = dependenciesOf(meta, role, context);
  role.dependencies = before.flatMap((block) => (block.role ? [block.role] : []));
  role.handlers = readPart(part('handlers', options.handlersFrom), inside);
  const block = [...before, ...readPart(part('tasks', options.tasksFrom), inside)];
  const keywords = options.keywords ?? new Map();
  return { kind: 'block', where, name: undefined, keywords, vars: new Map(), block, rescue: [], always: [], role };
}

/** Variables with defaults below them; they keep the places of the role's own. */
function below(defaults: Dict | undefined, vars: Dict): Dict {
  return defaults && defaults.size > 0 ? inherit(new Map([...defaults, ...vars]), vars) : vars;
}

/** A role that is on its way in already would never end. */
function entering(path: string, { where, tasksFrom = 'main' }: RoleOptions, context: TaskContext): TaskContext {
  const key = `${path}/tasks/${tasksFrom}`;
  const importing = context.importing ?? [];
  if (importing.includes(key)) {
    throw new Fault(
      'playbook-invalid',
      'A recursion loop was detected with the roles specified. Make sure child roles do not have dependencies on parent roles',
      { where },
    );
  }
  return { ...context, importing: [...importing, key] };
}

function dependenciesOf(meta: Dict, parent: RoleUse, context: TaskContext): readonly Block[] {
  const list = meta.get('dependencies');
  if (!isList(list)) return [];
  const outside = { ...context, role: undefined, directory: parent.path };
  return list.flatMap((entry, index) => {
    const where = whereOf(list, index) ?? parent.where;
    return context.findings.collect(() => readRoleEntry(entry, where, outside, parent)) ?? [];
  });
}

function readPart(part: Part, context: TaskContext): readonly Entry[] {
  const file = mainFile(part);
  if (file === undefined) return [];
  const handlers = part.part === 'handlers';
  return readTaskFile(file, { ...context, directory: dirname(file), handlers });
}

/** Inside a role its own collection and those that its meta names hold, not those of the play. */
function insideOf(name: string, meta: Dict, context: TaskContext): TaskContext {
  const own = /^(\w+\.\w+)\.\w/.exec(name)?.[1];
  return inCollections({ ...context, collections: own === undefined ? [] : [own] }, meta);
}

function isTrue(value: Value): boolean {
  return typeof value === 'string' ? !/^(?:n|no|off|0|false|f)$/i.test(value.trim()) : value === true || value === 1;
}
