/** The keywords of plays, blocks, roles and tasks: those of the schema, and those that Ansible once had. */

import schema from '../../schemas/playbook.json' with { type: 'json' };

export type Level = 'import' | 'play' | 'block' | 'task' | 'handler' | 'role';

const { definitions } = schema;
const task = Object.keys(definitions.task.properties);

const LEVELS: Readonly<Record<Level, ReadonlySet<string>>> = {
  import: new Set(Object.keys(definitions.import.properties)),
  play: new Set(Object.keys(definitions.play.properties)),
  block: new Set(Object.keys(definitions.block.properties)),
  task: new Set(task),
  handler: new Set([...task, ...Object.keys(definitions.handler.properties)]),
  role: new Set(Object.keys(definitions.role_mapping.properties)),
};

/** Keywords that Ansible once had, with what replaced them. */
export const REMOVED: ReadonlyMap<string, string> = new Map([
  ['sudo', 'become: true'],
  ['sudo_user', 'become_user'],
  ['sudo_pass', 'the variable ansible_become_password'],
  ['su', 'become: true with become_method: su'],
  ['su_user', 'become_user with become_method: su'],
  ['su_pass', 'the variable ansible_become_password'],
  ['accelerate', 'nothing: playbake needs no accelerated mode'],
  ['include', 'include_tasks, import_tasks or import_playbook'],
  ['always_run', 'check_mode: false'],
  ['static', 'import_tasks (static) or include_tasks (dynamic)'],
  ['private', 'import_role or include_role with public'],
  ['first_available_file', 'with_first_found'],
  ['only_if', 'when'],
]);

export function keywordsOf(level: Level): ReadonlySet<string> {
  return LEVELS[level];
}

export function isKeyword(level: Level, name: string): boolean {
  return LEVELS[level].has(name);
}

/** Keywords of a play or an import that are names of modules too. */
const MODULES_TOO: ReadonlySet<string> = new Set([
  'gather_facts',
  'user',
  'import_playbook',
  'ansible.builtin.import_playbook',
]);

/** What only the entry of a role has: elsewhere they are arguments that are not indented. */
const OF_ROLES: ReadonlySet<string> = new Set(['role', 'src', 'scm', 'version']);

/** A keyword of some level, or one of the past: never a module. */
export function isKeywordAnywhere(name: string): boolean {
  if (MODULES_TOO.has(name) || OF_ROLES.has(name)) return false;
  return REMOVED.has(name) || Object.values(LEVELS).some((names) => names.has(name));
}
