/** What includes and imports take: which arguments, and which of a task's keywords. */

import type { Findings } from '../fault.ts';
import { near } from '../value/near.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, isDict } from '../value/value.ts';
import type { Level } from './keywords.ts';
import type { Task } from './types.ts';
import { didYouMean } from './unknown-keyword.ts';

const ROLE = [
  'name',
  'role',
  'tasks_from',
  'vars_from',
  'defaults_from',
  'handlers_from',
  'allow_duplicates',
  'rolespec_validate',
];

/** Arguments by action. */
const ARGUMENTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['import_tasks', ['file', '_raw_params']],
  ['include_tasks', ['file', '_raw_params', 'apply']],
  ['import_role', ROLE],
  ['include_role', [...ROLE, 'apply', 'public']],
]);

/** Ansible's VALID_INCLUDE_KEYWORDS: of an include itself; what it includes gets others through `apply`. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'action',
  'args',
  'collections',
  'debugger',
  'ignore_errors',
  'listen',
  'loop',
  'loop_control',
  'name',
  'no_log',
  'register',
  'run_once',
  'tags',
  'timeout',
  'vars',
  'when',
]);

/** @param map the task as written. */
export function checkInclude(task: Task, map: Dict, level: Level, findings: Findings): void {
  const allowed = ARGUMENTS.get(task.action);
  if (!allowed) return;
  if (level === 'handler' && task.action.endsWith('_role')) {
    findings.fault('playbook-invalid', `Using '${task.action}' as a handler is not supported.`, {
      where: task.argsWhere,
    });
  }
  for (const key of task.args.keys()) {
    if (allowed.includes(String(key))) continue;
    findings.fault('argument-unknown', `Invalid options for ${task.action}: ${String(key)}`, {
      where: whereOf(task.args, key, 'key') ?? task.argsWhere,
      hint: didYouMean(near(String(key), allowed)) ?? 'variables for it stand under vars:, beside it',
    });
  }
  checkValues(task, findings);
  if (task.action.startsWith('include_')) checkKeywords(task, map, findings);
}

function checkKeywords(task: Task, map: Dict, findings: Findings): void {
  const owner = task.action === 'include_role' ? 'IncludeRole' : 'TaskInclude';
  for (const key of task.keywords.keys()) {
    if (KEYWORDS.has(String(key)) || !map.has(key)) continue;
    findings.fault('keyword-unknown', `'${String(key)}' is not a valid attribute for a ${owner}`, {
      where: whereOf(map, key, 'key'),
      hint: `what is included gets it with apply:, under ${task.action}:`,
    });
  }
}

function checkValues({ action, args, argsTemplate, argsWhere }: Task, findings: Findings): void {
  const apply = args.get('apply');
  if (apply !== undefined && !isDict(apply)) {
    findings.fault('argument-invalid', 'apply must be a mapping of keywords', { where: whereOf(args, 'apply') });
  }
  for (const [key, value] of args) {
    if (typeof value === 'string' || !String(key).endsWith('_from')) continue;
    findings.fault('argument-invalid', `Expected a string for ${String(key)}`, { where: whereOf(args, key) });
  }
  if (argsTemplate !== undefined) return;
  const isRole = action.endsWith('_role');
  const names = isRole ? ['name', 'role'] : ['file', '_raw_params'];
  if (names.some((name) => args.get(name))) return;
  const message = isRole ? `'name' is a required field for ${action}.` : `No file specified for ${action}`;
  findings.fault('argument-missing', message, { where: argsWhere });
}
