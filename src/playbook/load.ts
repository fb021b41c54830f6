/** A playbook file as typed plays: imports followed, roles read, every fault of every file in the findings. */

import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { Fault, type Findings } from '../fault.ts';
import { inherit, whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';
import { checkValues, unknownKeyword } from './check-keywords.ts';
import { isKeyword } from './keywords.ts';
import { type LoadOptions, readDocument, type TaskContext } from './loader.ts';
import { findTaskFile as find, readEntries, readTaskFile, staticText } from './read-entries.ts';
import { readVars } from './read-task.ts';
import { readRoleEntry } from './roles.ts';
import type { Block, Entry, Play, Playbook, RoleUse, Section } from './types.ts';

export type { LoadOptions } from './loader.ts';
export type IncludeContext = TaskContext;

/** @param file an absolute path. */
export function loadPlaybook(file: string, options: LoadOptions): Playbook {
  return { file, plays: readPlaybook(file, options, [file]) };
}

/** @param file an absolute path, from `findTaskFile`. */
export function loadTaskFile(file: string, context: IncludeContext): readonly Entry[] {
  return readTaskFile(file, { ...context, directory: dirname(file) });
}

export function findTaskFile(name: string, context: IncludeContext): string {
  return find(name, context);
}

function readPlaybook(file: string, options: LoadOptions, importing: readonly string[]): readonly Play[] {
  const { findings } = options;
  const document = findings.collect(() => readDocument(file, findings));
  if (document === undefined) return [];
  if (!isList(document)) {
    if (document === null && findings.faults.length > 0) return [];
    const what = document === null ? 'an empty playbook' : 'this file';
    findings.fault('playbook-invalid', `A playbook must be a list of plays, ${what} is none`, {
      where: whereOf(document) ?? { file, line: 1, column: 1 },
      hint: 'begin with  - hosts: …',
    });
    return [];
  }
  return document.flatMap((entry, index) => {
    if (isDict(entry))
      return isImport(entry) ? importPlaybook(entry, file, options, importing) : (readPlay(entry, file, options) ?? []);
    findings.fault('playbook-invalid', 'playbook entries must be either valid plays or import_playbook statements', {
      where: whereOf(document, index),
    });
    return [];
  });
}

function isImport(entry: Dict): boolean {
  return entry.has('import_playbook') || entry.has('ansible.builtin.import_playbook');
}

/** The import's own vars, tags and when go on to each of its plays. */
function importPlaybook(
  entry: Dict,
  file: string,
  options: LoadOptions,
  importing: readonly string[],
): readonly Play[] {
  const { findings } = options;
  const key = entry.has('import_playbook') ? 'import_playbook' : 'ansible.builtin.import_playbook';
  const where = whereOf(entry, key) ?? { file };
  const vars = readVars(entry.get('vars'), whereOf(entry, 'vars'), findings);
  return (
    findings.collect(() => {
      const name = staticText(String(entry.get(key)), { argsWhere: where, vars }, contextOf(file, options));
      const path = isAbsolute(name) ? name : resolve(dirname(file), name);
      if (!existsSync(path))
        throw new Fault('file-missing', `Unable to retrieve file contents: could not find ${path}`, { where });
      if (importing.includes(path)) throw new Fault('playbook-invalid', `${path} imports itself`, { where });
      return readPlaybook(path, options, [...importing, path]).map((play) => passOn(entry, vars, play));
    }) ?? []
  );
}

function passOn(entry: Dict, vars: Dict, play: Play): Play {
  const keywords = inherit(new Map(play.keywords), play.keywords);
  const tags = entry.get('tags');
  if (tags !== undefined && tags !== null) keywords.set('tags', [tags, play.keywords.get('tags') ?? []].flat(2));
  const test = entry.get('when');
  const sections = test === undefined ? play.sections : play.sections.map((section) => guarded(section, test, play));
  return { ...play, keywords, vars: new Map([...play.vars, ...vars]), sections };
}

function guarded(section: Section, test: Value, play: Play): Section {
  const block: Block = {
    kind: 'block',
    where: play.where,
    name: undefined,
    keywords: new Map<Value, Value>([['when', test]]),
    vars: new Map(),
    block: section.entries,
    rescue: [],
    always: [],
    role: undefined,
  };
  return { ...section, entries: [block] };
}

function contextOf(file: string, options: LoadOptions, vars?: Dict): TaskContext {
  const directory = dirname(file);
  return { ...options, playbookDirectory: directory, directory, role: undefined, ...(vars && { vars }) };
}

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
]);

function readPlay(map: Dict, file: string, options: LoadOptions): Play | undefined {
  const { findings } = options;
  const where = whereOf(map) ?? { file, line: 1, column: 1 };
  if (map.has('include')) {
    unknownKeyword(map, 'include', 'play', findings);
    return undefined;
  }
  for (const key of map.keys()) if (!isKeyword('play', String(key))) unknownKeyword(map, key, 'play', findings);
  checkValues(map, 'play', findings);
  checkHosts(map, findings);
  const vars = readVars(map.get('vars'), whereOf(map, 'vars'), findings);
  const context = contextOf(file, options, vars);
  const part = (key: string, handlers = false) =>
    readEntries(map.get(key) ?? null, { container: map, key }, { ...context, handlers });
  const roleBlocks = readRoles(map, context);
  const sections: readonly Section[] = [
    { name: 'pre_tasks', entries: part('pre_tasks') },
    { name: 'tasks', entries: [...roleBlocks, ...part('tasks')] },
    { name: 'post_tasks', entries: part('post_tasks') },
  ];
  const roles = sections.flatMap((section) => rolesIn(section.entries));
  const name = map.get('name');
  const keywords = inherit(new Map([...map].filter(([key]) => !STRUCTURE.has(key))), map);
  const user = keywords.get('user');
  if (user !== undefined && !keywords.has('remote_user')) keywords.set('remote_user', user);
  return {
    where,
    name: name === undefined || name === null ? undefined : String(name),
    directory: dirname(file),
    hosts: map.get('hosts') ?? [],
    keywords,
    vars,
    varsFiles: listOf(map.get('vars_files')),
    varsPrompt: readPrompts(map, findings),
    sections,
    handlers: [...part('handlers', true), ...uniqueHandlers(roles)],
    roles: [...new Set(roles)],
  };
}

/** A role's handlers once, however often it is used. */
function uniqueHandlers(roles: readonly RoleUse[]): readonly Entry[] {
  const first = new Map(roles.map((role) => [role.path, role]));
  return [...first.values()].flatMap((role) => role.handlers);
}

function checkHosts(map: Dict, findings: Findings): void {
  const hosts = map.get('hosts');
  const empty = hosts === undefined || hosts === null || hosts === '' || (isList(hosts) && hosts.length === 0);
  if (!empty && !(isList(hosts) && hosts.some((host) => host === null))) return;
  if (hosts === undefined) {
    findings.fault('playbook-invalid', "the field 'hosts' is required but was not set", {
      where: whereOf(map),
      hint: 'name a group or a host:  hosts: all',
    });
  } else {
    findings.fault('value-invalid', 'Hosts list cannot be empty. Please check your playbook', {
      where: whereOf(map, 'hosts'),
    });
  }
}

function readRoles(map: Dict, context: TaskContext): readonly Block[] {
  const roles = map.get('roles');
  if (roles === undefined || roles === null) return [];
  if (!isList(roles)) {
    context.findings.fault('value-invalid', 'roles must be a list of roles', { where: whereOf(map, 'roles') });
    return [];
  }
  const inRoles = { ...context, directory: join(context.playbookDirectory, 'roles') };
  return roles.flatMap(
    (entry, index) => readRoleEntry(entry, whereOf(roles, index) ?? { file: context.directory }, inRoles) ?? [],
  );
}

/** Every role in some entries, dependencies before the roles that need them. */
function rolesIn(entries: readonly Entry[]): readonly RoleUse[] {
  return entries.flatMap((entry) => {
    if (entry.kind === 'task') return [];
    const inside = [...rolesIn(entry.block), ...rolesIn(entry.rescue), ...rolesIn(entry.always)];
    return entry.role ? [...inside.filter((role) => role !== entry.role), entry.role] : inside;
  });
}

function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

function readPrompts(map: Dict, findings: Findings): readonly Dict[] {
  const prompts = listOf(map.get('vars_prompt'));
  return prompts.flatMap((entry, index) => {
    if (isDict(entry) && entry.get('name')) return [entry];
    findings.fault('value-invalid', "Invalid vars_prompt data structure, missing 'name' key", {
      where: whereOf(map.get('vars_prompt'), index),
    });
    return [];
  });
}
