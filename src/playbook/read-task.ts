/** A mapping of a task list as a typed task. */

import type { Findings, Where } from '../fault.ts';
import { LOOKUPS } from '../template/lookups/table.ts';
import { isLookup } from '../template/lookups.ts';
import { isTemplate } from '../template/templar.ts';
import { inherit, whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';
import { checkInclude } from './check-include.ts';
import { findAction } from './find-action.ts';
import { shortName } from './free-form.ts';
import { isKeyword, type Level } from './keywords.ts';
import { inCollections, type TaskContext } from './loader.ts';
import { readArguments } from './read-arguments.ts';
import type { Loop, Task } from './types.ts';
import { unknownKeyword } from './unknown-keyword.ts';

/** Keys that are no keywords of the task itself when it runs. */
const STRUCTURE: ReadonlySet<Value> = new Set([
  'name',
  'vars',
  'action',
  'local_action',
  'args',
  'loop',
  'collections',
]);

/** Undefined when it has no action that can be run, which is in the findings then. */
export function readTask(map: Dict, context: TaskContext): Task | undefined {
  const { findings } = context;
  const level: Level = context.handlers ? 'handler' : 'task';
  const action = findAction(map, level, findings);
  const loop = readLoop(map, findings);
  if (!action) return undefined;
  const { collections } = inCollections(context, map);
  const given = readArguments(action, map.get('args') ?? null, findings);
  if (!given) return undefined;
  const task: Task = {
    kind: 'task',
    where: whereOf(map) ?? { file: context.directory },
    name: nameOf(map),
    keywords: readKeywords(map, level),
    vars: readVars(map.get('vars')),
    action: shortName(action.name),
    written: action.name,
    args: given.args,
    argsWhere: action.where,
    ...(given.template !== undefined && { argsTemplate: given.template }),
    loop,
    role: context.role,
    ...(collections && collections.length > 0 && { collections }),
    directory: context.directory,
  };
  checkInclude(task, map, level, findings);
  return task;
}

function readKeywords(map: Dict, level: Level): Dict {
  const own = [...map].filter(([key]) => isKeyword(level, String(key)) && !STRUCTURE.has(key));
  const keywords = inherit(new Map(own), map);
  if (map.has('local_action')) keywords.set('delegate_to', 'localhost').set('connection', 'local');
  return keywords;
}

export function nameOf(map: Dict): string | undefined {
  const name = map.get('name');
  return name === undefined || name === null ? undefined : String(name);
}

/** `vars:` of any level: a mapping, or (as Ansible still takes it) a list of mappings. */
export function readVars(vars: Value | undefined): Dict {
  if (isDict(vars)) return vars;
  return isList(vars) ? new Map(vars.filter(isDict).flatMap((part) => [...part])) : new Map();
}

function readLoop(map: Dict, findings: Findings): Loop | undefined {
  const found = [...map].flatMap(([key, value]) => loopOf(map, key, value, findings) ?? []);
  const [first, second] = found;
  if (second) {
    const name = second.kind === 'with' ? second.plugin : 'loop';
    findings.fault('playbook-invalid', `duplicate loop in task: ${name}`, {
      where: second.where,
      hint: 'a task has one loop',
    });
  }
  return first;
}

function loopOf(map: Dict, key: Value, value: Value, findings: Findings): Loop | undefined {
  const where = whereOf(map, key) ?? { file: '' };
  if (key === 'loop') return value === null ? undefined : loopOver(value, where, findings);
  if (typeof key !== 'string' || !key.startsWith('with_')) return undefined;
  const plugin = key.slice('with_'.length);
  if (!isLookup(plugin)) {
    const known = [...LOOKUPS.keys()].map((name) => `with_${name}`);
    unknownKeyword(map, key, 'Task', known, findings);
  } else if (value === null) {
    findings.fault('value-invalid', `you must specify a value when using ${key}`, { where });
  }
  return { kind: 'with', plugin, items: value, where };
}

function loopOver(items: Value, where: Where, findings: Findings): Loop {
  if (!isList(items) && !(typeof items === 'string' && isTemplate(items))) {
    findings.fault('value-invalid', "Invalid data passed to 'loop', it requires a list", {
      where,
      hint: 'write a list, or a template that gives one; with_items takes a lone item too',
    });
  }
  return { kind: 'loop', items, where };
}
