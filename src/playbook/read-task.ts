/** A mapping of a task list as a typed task: which key is its action, what are its arguments, what does it loop over. */

import type { Findings, Where } from '../fault.ts';
import { isTemplate } from '../template/templar.ts';
import { near } from '../value/near.ts';
import { inherit, whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';
import { checkValues, unknownKeyword } from './check-keywords.ts';
import { parseFreeForm, shortName } from './free-form.ts';
import { isKeyword, keywordTypes, type Level } from './keywords.ts';
import type { TaskContext } from './loader.ts';
import type { Loop, Task } from './types.ts';

/** Keys that are no keywords of the task itself when it runs. */
const STRUCTURE: ReadonlySet<Value> = new Set(['name', 'vars', 'action', 'local_action', 'args', 'loop']);

/** Undefined when something is wrong with it, which is in the findings then. */
export function readTask(map: Dict, context: TaskContext): Task | undefined {
  const { findings } = context;
  const level: Level = context.handlers ? 'handler' : 'task';
  checkValues(map, level, findings);
  const action = actionOf(map, level, findings);
  const vars = varsOf(map, findings);
  if (!action) return undefined;
  const keywords = inherit(
    new Map([...map].filter(([key]) => !STRUCTURE.has(key) && isKeyword(level, String(key)))),
    map,
  );
  if (map.has('local_action')) {
    keywords.set('delegate_to', 'localhost');
    keywords.set('connection', 'local');
  }
  const given = argumentsOf(map, action, findings);
  const name = map.get('name');
  return {
    kind: 'task',
    where: whereOf(map) ?? { file: context.directory },
    name: name === undefined || name === null ? undefined : String(name),
    keywords,
    vars,
    action: shortName(action.name),
    args: given.args,
    argsWhere: action.where,
    ...(given.template !== undefined && { argsTemplate: given.template }),
    loop: loopOf(map, findings),
    role: context.role,
    directory: context.directory,
  };
}

interface Action {
  readonly name: string;
  readonly value: Value;
  readonly where: Where;
}

function actionOf(map: Dict, level: Level, findings: Findings): Action | undefined {
  const where = whereOf(map) ?? { file: '' };
  const written = map.get('action') ?? map.get('local_action');
  const keys = [...map.keys()].filter((key) => !isKeyword(level, String(key)) && !String(key).startsWith('with_'));
  if (written !== undefined && written !== null) {
    for (const key of keys) unknownKeyword(map, key, level, findings);
    return writtenAction(written, whereOf(map, map.has('action') ? 'action' : 'local_action') ?? where, findings);
  }
  const likely = keys.filter((key) => !isMisspelt(String(key), level));
  if (keys.length > 1 && likely.length === 1) {
    for (const key of keys) if (key !== likely[0]) unknownKeyword(map, key, level, findings);
  } else if (keys.length > 1) {
    findings.fault('playbook-invalid', `conflicting action statements: ${keys.map(String).join(', ')}`, {
      where: whereOf(map, keys[1], 'key') ?? where,
      hint: 'a task has one module; indent the arguments of the first under it, or make two tasks',
    });
    return undefined;
  }
  const key = likely[0] ?? keys[0];
  if (key === undefined) {
    findings.fault('playbook-invalid', 'no module/action detected in task.', {
      where,
      hint: 'name a module, such as  command: uptime',
    });
    return undefined;
  }
  return { name: String(key), value: map.get(key) ?? null, where: whereOf(map, key, 'key') ?? where };
}

/** Nearly a keyword: only in company of another candidate does that make it no module. */
function isMisspelt(key: string, level: Level): boolean {
  return !key.includes('.') && near(key, Object.keys(keywordTypes(level))).length > 0;
}

/** `action: copy src=a dest=b`, or `action: { module: copy, src: a }`. */
function writtenAction(written: Value, where: Where, findings: Findings): Action | undefined {
  if (typeof written === 'string') {
    const [, name = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(written.trim()) ?? [];
    if (name !== '') return { name, value: rest === '' ? null : rest, where };
  } else if (isDict(written)) {
    const module = written.get('module');
    if (typeof module === 'string') {
      const [, name = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(module.trim()) ?? [];
      const args = inherit(new Map([...written].filter(([key]) => key !== 'module')), written);
      if (rest !== '') args.set('_raw_params', rest);
      return { name, value: args, where };
    }
  }
  findings.fault('playbook-invalid', 'an action must be text such as "copy src=a dest=b", or a mapping with module', {
    where,
  });
  return undefined;
}

function argumentsOf(map: Dict, action: Action, findings: Findings): { args: Dict; template?: Value } {
  const more = map.get('args');
  const own = ownArguments(action, findings);
  if (more === undefined || more === null) return own;
  if (typeof more === 'string' && isTemplate(more)) return { ...own, template: more };
  if (!isDict(more)) {
    findings.fault('value-invalid', 'args must be a mapping', { where: whereOf(map, 'args') });
    return own;
  }
  // The place of each argument is kept by building on the mapping that has more of them.
  const args = new Map([...more, ...own.args]);
  return { ...own, args: inherit(args, own.args.size > more.size ? own.args : more) };
}

function ownArguments({ name, value, where }: Action, findings: Findings): { args: Dict; template?: Value } {
  if (value === null) return { args: new Map() };
  if (isDict(value)) return { args: value };
  if (isList(value)) {
    findings.fault('playbook-invalid', `unexpected parameter type in action: ${name} got a list`, { where });
    return { args: new Map() };
  }
  const text = String(value);
  if (
    /^\s*\{\{[\s\S]*\}\}\s*$/.test(text) &&
    !text.slice(2).includes('{{') &&
    parseFreeForm(name, text).extra !== undefined
  ) {
    return { args: new Map(), template: text };
  }
  const { args, extra } = parseFreeForm(name, text);
  if (extra !== undefined) {
    findings.fault('playbook-invalid', `this task '${name}' has extra params: ${extra}`, {
      where,
      hint: `write its arguments as a mapping, or as key=value`,
    });
  }
  return { args };
}

function varsOf(map: Dict, findings: Findings): Dict {
  return readVars(map.get('vars'), whereOf(map, 'vars'), findings);
}

/** `vars:` of any level: a mapping, or (as Ansible still takes it) a list of mappings. */
export function readVars(vars: Value | undefined, where: Where | undefined, findings: Findings): Dict {
  if (vars === undefined || vars === null) return new Map();
  const parts = isList(vars) ? vars : [vars];
  if (!parts.every(isDict)) {
    findings.fault('value-invalid', 'Vars in a Task must be specified as a dictionary', { where });
    return new Map();
  }
  const [first] = parts;
  if (parts.length === 1 && first) return checkNames(first, findings);
  return checkNames(new Map(parts.flatMap((part) => [...part])), findings);
}

function checkNames(vars: Dict, findings: Findings): Dict {
  for (const name of vars.keys()) {
    if (/^[A-Za-z_]\w*$/.test(String(name))) continue;
    findings.fault('value-invalid', `Invalid variable name: '${String(name)}' is not a valid variable name`, {
      where: whereOf(vars, name, 'key'),
      hint: 'letters, digits and underscores, not beginning with a digit',
    });
  }
  return vars;
}

function loopOf(map: Dict, findings: Findings): Loop | undefined {
  const found: Loop[] = [];
  for (const [key, value] of map) {
    const where = whereOf(map, key) ?? { file: '' };
    if (key === 'loop' && value !== null) found.push({ kind: 'loop', items: value, where });
    else if (String(key).startsWith('with_'))
      found.push({ kind: 'with', plugin: String(key).slice(5), items: value, where });
  }
  if (found.length > 1) {
    findings.fault('playbook-invalid', 'duplicate loop in task: a task has one loop', { where: found[1]?.where });
  }
  return found[0];
}
