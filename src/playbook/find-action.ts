/** Which key of a task names its module, and what stands there. */

import type { Findings, Where } from '../fault.ts';
import { near } from '../value/near.ts';
import { inherit, whereOf } from '../value/source.ts';
import { type Dict, isDict, type Value } from '../value/value.ts';
import { parseFreeForm, splitAction } from './free-form.ts';
import { isKeyword, isKeywordAnywhere, keywordsOf, type Level } from './keywords.ts';
import { unknownKeyword } from './unknown-keyword.ts';

/** Loops of the old kind that are in use. */
const LOOPS = [
  'with_dict',
  'with_fileglob',
  'with_first_found',
  'with_flattened',
  'with_indexed_items',
  'with_items',
  'with_lines',
  'with_nested',
  'with_random_choice',
  'with_sequence',
  'with_subelements',
  'with_together',
];

export interface Action {
  readonly name: string;
  /** A mapping, text, null, or something that is wrong. */
  readonly value: Value;
  readonly where: Where;
  /** Where text that is its value stands: the member of a mapping. */
  readonly member?: readonly [holder: Dict, key: Value];
}

/** Undefined when the task has none, or several; what is wrong is in the findings then. */
export function findAction(map: Dict, level: Level, findings: Findings): Action | undefined {
  const where = whereOf(map) ?? { file: '' };
  const keys = [...map.keys()].filter((key) => !isKeyword(level, String(key)) && !String(key).startsWith('with_'));
  const written = ['action', 'local_action'].filter((key) => map.has(key));
  if (written.length > 1) {
    findings.fault('playbook-invalid', 'action and local_action are mutually exclusive', { where });
    return undefined;
  }
  const modules = moduleKeys(keys, level, written.length > 0);
  for (const key of keys) if (!modules.includes(key)) unknownTaskKeyword(map, key, level, findings);
  const names = [...written, ...modules.map(String)];
  if (names.length > 1) {
    findings.fault('playbook-invalid', `conflicting action statements: ${names.join(', ')}`, {
      where: whereOf(map, modules[written.length > 0 ? 0 : 1], 'key') ?? where,
      hint: 'a task has one module; indent the arguments of the first under it, or make two tasks',
    });
    return undefined;
  }
  const [old] = written;
  if (old !== undefined) return writtenAction(map, old, whereOf(map, old) ?? where);
  const [key] = modules;
  if (key !== undefined) {
    const value = map.get(key) ?? null;
    return { name: String(key), value, where: whereOf(map, key, 'key') ?? where, member: [map, key] };
  }
  if (keys.length === 0) {
    findings.fault('playbook-invalid', 'no module/action detected in task.', {
      where,
      hint: 'name a module, such as  command: uptime',
    });
  }
  return undefined;
}

/** Of several keys those that are nearly keywords are not the module; a lone one may be. */
function moduleKeys(keys: readonly Value[], level: Level, hasAction: boolean): readonly Value[] {
  const candidates = keys.filter((key) => !isKeywordAnywhere(String(key)));
  if (candidates.length < (hasAction ? 1 : 2)) return candidates;
  return candidates.filter((key) => !isMisspelt(String(key), level));
}

function isMisspelt(key: string, level: Level): boolean {
  return !key.includes('.') && near(key, candidates(level)).length > 0;
}

function candidates(level: Level): Iterable<string> {
  return [...keywordsOf(level), ...LOOPS];
}

function unknownTaskKeyword(map: Dict, key: Value, level: Level, findings: Findings): void {
  unknownKeyword(map, key, level === 'handler' ? 'Handler' : 'Task', candidates(level), findings);
}

/** `action: copy src=a dest=b`, or `action: { module: copy, src: a }`. Other forms are in the findings already. */
function writtenAction(map: Dict, key: string, where: Where): Action | undefined {
  const written = map.get(key) ?? null;
  if (typeof written === 'string') {
    const [name, rest] = splitAction(written);
    return { name, value: rest === '' ? null : rest, where, member: [map, key] };
  }
  const module = isDict(written) ? written.get('module') : undefined;
  if (!isDict(written) || typeof module !== 'string') return undefined;
  const [name, rest] = splitAction(module);
  return { name, value: inherit(memberArguments(written, name, rest), written), where };
}

/** Ansible's order: the members, what follows the module's name, then `args`. */
function memberArguments(written: Dict, name: string, rest: string): Map<Value, Value> {
  const args = new Map([...written].filter(([key]) => key !== 'module'));
  for (const [key, value] of parseFreeForm(name, rest)) args.set(key, value);
  const more = args.get('args');
  args.delete('args');
  const parsed = typeof more === 'string' ? parseFreeForm(name, more) : more;
  if (isDict(parsed)) for (const [key, value] of parsed) args.set(key, value);
  return args;
}
