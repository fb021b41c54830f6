/** Roles: found, read with their dependencies, and made into the block that stands for their use. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { Fault, type Where } from '../fault.ts';
import { near } from '../value/near.ts';
import { inherit, whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';
import { checkValues } from './check-keywords.ts';
import { isKeyword } from './keywords.ts';
import { readDocument, type TaskContext } from './loader.ts';
import { readTaskFile, staticText } from './read-entries.ts';
import type { Block, Entry, RoleUse } from './types.ts';

export interface RoleOptions {
  readonly where: Where;
  readonly params?: Dict;
  readonly keywords?: Dict;
  readonly tasksFrom?: string;
  readonly varsFrom?: string;
  readonly defaultsFrom?: string;
  readonly handlersFrom?: string;
  readonly allowDuplicates?: boolean;
}

/** `tasks_from` and its like, of import_role and include_role. */
export function roleOptions(args: Dict): Pick<RoleOptions, 'tasksFrom' | 'varsFrom' | 'defaultsFrom' | 'handlersFrom'> {
  const from = (key: string, name: string) =>
    typeof args.get(key) === 'string' ? { [name]: String(args.get(key)) } : {};
  return {
    ...from('tasks_from', 'tasksFrom'),
    ...from('vars_from', 'varsFrom'),
    ...from('defaults_from', 'defaultsFrom'),
    ...from('handlers_from', 'handlersFrom'),
  };
}

/** Dependencies come first inside the block. Throws `role-missing` with every place that was looked at. */
export function loadRole(name: string, options: RoleOptions, context: TaskContext): Block {
  const { block } = useRole(name, options, context, undefined);
  return block;
}

/** An entry of `roles:` or of a role's dependencies: a name, or a mapping whose other keys are parameters. */
export function readRoleEntry(entry: Value, where: Where, context: TaskContext, parent?: RoleUse): Block | undefined {
  const { findings } = context;
  if (typeof entry === 'string')
    return findings.collect(() => useRole(templated(entry, where, context), { where }, context, parent).block);
  const name = isDict(entry) ? (entry.get('role') ?? entry.get('name')) : undefined;
  if (!isDict(entry) || typeof name !== 'string') {
    findings.fault('playbook-invalid', 'role definitions must contain a role name', {
      where,
      hint: 'write  - role: NAME',
    });
    return undefined;
  }
  checkValues(entry, 'role', findings);
  const own = new Set<Value>(['role', 'name', 'src', 'version', 'scm']);
  const keywords = new Map(
    [...entry].filter(([key]) => isKeyword('role', String(key)) && key !== 'vars' && !own.has(key)),
  );
  const vars = entry.get('vars');
  const params = new Map([
    ...(isDict(vars) ? vars : []),
    ...[...entry].filter(([key]) => !isKeyword('role', String(key)) && !own.has(key)),
  ]);
  return findings.collect(
    () =>
      useRole(templated(name, where, context), { where, params, keywords: inherit(keywords, entry) }, context, parent)
        .block,
  );
}

function templated(name: string, where: Where, context: TaskContext): string {
  return staticText(name, { argsWhere: where, vars: new Map() }, context);
}

function useRole(
  name: string,
  options: RoleOptions,
  context: TaskContext,
  parent: RoleUse | undefined,
): { role: RoleUse; block: Block } {
  const path = findRole(name, context, options.where);
  for (let one = parent; one; one = one.parent) {
    if (one.path === path)
      throw new Fault('playbook-invalid', `A recursion loop was detected with the role ${name}`, {
        where: options.where,
      });
  }
  const meta = readMeta(path, context);
  const role: RoleUse & { dependencies: readonly RoleUse[]; handlers: readonly Entry[] } = {
    name,
    path,
    where: options.where,
    defaults: readVarsOf(path, 'defaults', options.defaultsFrom, context),
    vars: readVarsOf(path, 'vars', options.varsFrom, context),
    params: options.params ?? new Map(),
    allowDuplicates: options.allowDuplicates ?? meta.get('allow_duplicates') === true,
    handlers: [],
    dependencies: [],
    parent,
  };
  const inner: TaskContext = { ...context, role, directory: join(path, 'tasks') };
  const before = dependenciesOf(meta, role, { ...context, role: undefined, directory: path });
  role.dependencies = before.flatMap((block) => (block.role ? [block.role] : []));
  role.handlers = readPart(path, 'handlers', options.handlersFrom, {
    ...inner,
    directory: join(path, 'handlers'),
    handlers: true,
  });
  const block: Block = {
    kind: 'block',
    where: options.where,
    name: undefined,
    keywords: options.keywords ?? new Map(),
    vars: new Map(),
    block: [...before, ...readPart(path, 'tasks', options.tasksFrom, inner)],
    rescue: [],
    always: [],
    role,
  };
  return { role, block };
}

function dependenciesOf(meta: Dict, role: RoleUse, context: TaskContext): readonly Block[] {
  const list = meta.get('dependencies');
  if (list === undefined || list === null) return [];
  if (!isList(list)) {
    context.findings.fault('playbook-invalid', 'dependencies must be a list of roles', {
      where: whereOf(meta, 'dependencies'),
    });
    return [];
  }
  return list.flatMap((entry, index) => readRoleEntry(entry, whereOf(list, index) ?? role.where, context, role) ?? []);
}

function readMeta(path: string, context: TaskContext): Dict {
  const file = mainFile(path, 'meta', undefined);
  const document = file === undefined ? null : readDocument(file, context.findings);
  return isDict(document) ? document : new Map();
}

function readPart(
  path: string,
  part: 'tasks' | 'handlers',
  from: string | undefined,
  context: TaskContext,
): readonly Entry[] {
  const file = mainFile(path, part, from);
  if (file !== undefined) return readTaskFile(file, context);
  if (from === undefined) return [];
  throw new Fault('file-missing', `Could not find specified file in role: ${part}/${from} (in ${path})`, {
    where: context.role?.where,
  });
}

/** `vars/main.yml`, or every file of `vars/main/`. */
function readVarsOf(path: string, part: 'defaults' | 'vars', from: string | undefined, context: TaskContext): Dict {
  const file = mainFile(path, part, from);
  if (file !== undefined) return readVarsDocument(file, context);
  const directory = join(path, part, from ?? 'main');
  if (existsSync(directory) && statSync(directory).isDirectory()) {
    const files = readdirSync(directory)
      .filter((name) => /\.(ya?ml|json)$/.test(name))
      .sort();
    return new Map(files.flatMap((name) => [...readVarsDocument(join(directory, name), context)]));
  }
  if (from === undefined) return new Map();
  throw new Fault('file-missing', `Could not find specified file in role: ${part}/${from} (in ${path})`, {
    where: context.role?.where,
  });
}

function readVarsDocument(file: string, { findings }: TaskContext): Dict {
  const document = readDocument(file, findings);
  if (document === null) return new Map();
  if (isDict(document)) return document;
  findings.fault('vars-invalid', `${file} must hold a mapping of variables`, {
    where: whereOf(document) ?? { file, line: 1, column: 1 },
  });
  return new Map();
}

function mainFile(path: string, part: string, from: string | undefined): string | undefined {
  const base = join(path, part, from ?? 'main');
  return ['.yml', '.yaml', '.json', '']
    .map((ending) => base + ending)
    .find((file) => existsSync(file) && statSync(file).isFile());
}

function findRole(name: string, context: TaskContext, where: Where): string {
  const directories = rolesDirectories(context);
  const collection = /^(\w+)\.(\w+)\.(\w+)$/.exec(name);
  const tried =
    isAbsolute(name) || name.startsWith('~')
      ? [name.replace(/^~/, homedir())]
      : [
          ...directories.map((directory) => resolve(directory, name)),
          ...(collection ? collectionRoles(collection, context) : []),
        ];
  const found = tried.find((path) => existsSync(path) && statSync(path).isDirectory());
  if (found) return found;
  const others = directories.flatMap((directory) =>
    basename(directory) === 'roles' && existsSync(directory) ? readdirSync(directory) : [],
  );
  const meant = near(name, others);
  throw new Fault('role-missing', `the role '${name}' was not found in ${tried.map(dirname).join(':')}`, {
    where,
    hint: meant.length > 0 ? `did you mean "${meant[0]}"?` : `put it into roles/${basename(name)} beside the playbook`,
  });
}

function rolesDirectories({ playbookDirectory, role, directory, rolesPath }: TaskContext): readonly string[] {
  const environment = process.env['ANSIBLE_ROLES_PATH']?.split(':').filter(Boolean) ?? [];
  const beside = role ? [dirname(role.path)] : [dirname(directory)];
  return [
    ...new Set([
      join(playbookDirectory, 'roles'),
      ...(rolesPath ?? []),
      ...environment,
      join(homedir(), '.ansible/roles'),
      '/usr/share/ansible/roles',
      '/etc/ansible/roles',
      ...beside,
      playbookDirectory,
    ]),
  ];
}

function collectionRoles(
  [, namespace = '', collection = '', role = '']: RegExpExecArray,
  { playbookDirectory }: TaskContext,
): readonly string[] {
  return [
    join(playbookDirectory, 'collections'),
    join(homedir(), '.ansible/collections'),
    '/usr/share/ansible/collections',
  ].map((root) => join(root, 'ansible_collections', namespace, collection, 'roles', role));
}
