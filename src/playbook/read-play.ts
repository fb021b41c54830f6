/** One play of a playbook. */

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Findings } from '../fault.ts';
import { readVarsFile } from '../inventory/vars-file.ts';
import { inherit, whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';
import { isKeyword } from './keywords.ts';
import { inCollections, type LoadOptions, type TaskContext } from './loader.ts';
import { readEntries } from './read-entries.ts';
import { readRoleEntry } from './read-role-entry.ts';
import { nameOf, readVars } from './read-task.ts';
import { staticText } from './static-text.ts';
import type { Block, Entry, Play, RoleUse, Section } from './types.ts';
import { varsFilePaths } from './vars-file-paths.ts';

const STRUCTURE: ReadonlySet<Value> = new Set([
  'name',
  'hosts',
  'vars',
  'vars_files',
  'vars_prompt',
  'roles',
  'handlers',
  'pre_tasks',
  'tasks',
  'post_tasks',
  'user',
  'collections',
]);

/** @param file the playbook that holds it. Undefined for an `include`, which is in the findings already. */
export function readPlay(map: Dict, file: string, options: LoadOptions): Play | undefined {
  if (map.has('include')) return undefined;
  const context = playContext(file, options, map);
  const part = (key: string, handlers = false) => readEntries(map.get(key), { ...context, handlers });
  const sections: readonly Section[] = [
    { name: 'pre_tasks', entries: part('pre_tasks') },
    { name: 'tasks', entries: [...readRoles(map, context), ...part('tasks')] },
    { name: 'post_tasks', entries: part('post_tasks') },
  ];
  const roles = [...new Set(sections.flatMap((section) => rolesOf(section.entries)))];
  const prompts = map.get('vars_prompt') ?? [];
  return {
    where: whereOf(map) ?? { file, line: 1, column: 1 },
    name: nameOf(map),
    directory: dirname(file),
    hosts: map.get('hosts') ?? [],
    keywords: readKeywords(map, options),
    vars: readVars(map.get('vars')),
    varsFiles: listOf(map.get('vars_files')),
    varsPrompt: listOf(prompts).filter(isDict),
    sections,
    handlers: [...roles.flatMap((role) => role.handlers), ...part('handlers', true)],
    roles,
  };
}

/** Where the tasks of a play stand; without `map` those of no play. */
export function playContext(file: string, options: LoadOptions, map: Dict = new Map()): TaskContext {
  const directory = dirname(file);
  const bare = inCollections({ ...options, playbookDirectory: directory, directory, role: undefined }, map);
  const vars = readVars(map.get('vars'));
  let known: readonly Dict[] | undefined;
  return {
    ...bare,
    vars: () => {
      known ??= [...filesOf(map, { ...bare, vars: () => [vars] }), vars];
      return known;
    },
  };
}

/** The `vars_files` that can be read before there are hosts, the last one first. What is wrong is told when the play runs. */
function filesOf(map: Dict, context: TaskContext): readonly Dict[] {
  const findings = new Findings();
  const first = (names: readonly Value[]) => {
    const paths = names.flatMap((name) => {
      const text = findings.collect(() => staticText(String(name), { file: '' }, new Map(), context));
      if (text === undefined) return [];
      return varsFilePaths(text, context.directory);
    });
    const path = paths.find((one) => existsSync(one));
    return path === undefined ? undefined : findings.collect(() => readVarsFile(path, findings));
  };
  return listOf(map.get('vars_files'))
    .flatMap((entry) => first(isList(entry) ? entry : [entry]) ?? [])
    .reverse();
}

function readKeywords(map: Dict, { findings }: LoadOptions): Dict {
  const own = [...map].filter(([key]) => isKeyword('play', String(key)) && !STRUCTURE.has(key));
  const keywords = inherit(new Map(own), map);
  const user = map.get('user');
  if (user !== undefined && map.has('remote_user')) {
    findings.fault('playbook-invalid', "both 'user' and 'remote_user' are set for this play", {
      where: whereOf(map, 'user', 'key'),
      hint: 'user is the old name of remote_user: remove it',
    });
  } else if (user !== undefined) keywords.set('remote_user', user);
  return keywords;
}

function readRoles(map: Dict, context: TaskContext): readonly Block[] {
  const roles = map.get('roles');
  if (!isList(roles)) return [];
  return roles.flatMap((entry, index) => {
    const where = whereOf(roles, index) ?? { file: context.directory };
    return context.findings.collect(() => readRoleEntry(entry, where, context)) ?? [];
  });
}

/** Every role in some entries, dependencies before the roles that need them. */
function rolesOf(entries: readonly Entry[]): readonly RoleUse[] {
  return entries.flatMap((entry) => {
    if (entry.kind === 'task') return [];
    const inside = [...rolesOf(entry.block), ...rolesOf(entry.rescue), ...rolesOf(entry.always)];
    return entry.role ? [...inside.filter((role) => role !== entry.role), entry.role] : inside;
  });
}

function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}
