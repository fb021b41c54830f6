/** An entry of `roles:`, or of a role's dependencies: a name, or a mapping whose further keys are parameters. */

import { Fault, type Where } from '../fault.ts';
import { inherit } from '../value/source.ts';
import { type Dict, isDict, type Value } from '../value/value.ts';
import { isKeyword } from './keywords.ts';
import type { TaskContext } from './loader.ts';
import { readVars } from './read-task.ts';
import { loadRole } from './roles.ts';
import { staticText } from './static-text.ts';
import type { Block, RoleUse } from './types.ts';

/** Keys that are neither keywords of the role's block nor parameters. */
const STRUCTURE: ReadonlySet<string> = new Set(['role', 'name', 'src', 'version', 'scm', 'vars', 'collections']);

/** Undefined for what is no role, which is in the findings already. Throws a Fault for a role that cannot be loaded. */
export function readRoleEntry(entry: Value, where: Where, context: TaskContext, parent?: RoleUse): Block | undefined {
  const name = isDict(entry) ? nameOf(entry) : entry;
  if (typeof name !== 'string' && typeof name !== 'number') return undefined;
  if (String(name).includes(',')) {
    throw new Fault('playbook-invalid', `Invalid old style role requirement: ${String(name)}`, {
      where,
      hint: 'write  - role: NAME',
    });
  }
  const text = staticText(String(name), where, new Map(), context);
  return loadRole(text, { where, ...(isDict(entry) && settings(entry)), ...(parent && { parent }) }, context);
}

/** `src` of a dependency is a name, or the address of a repository that has the role's name at its end. */
function nameOf(entry: Dict): Value | undefined {
  const name = entry.get('role') ?? entry.get('name');
  const src = entry.get('src');
  if (name !== undefined || typeof src !== 'string') return name;
  const [address = '', , given] = src.split(',');
  if (given !== undefined) return given.trim();
  if (!/:\/\/|@/.test(address)) return address;
  return address.replace(/^.*\//, '').replace(/(?:\.git|\.tar\.gz)$/, '');
}

function settings(entry: Dict): { readonly keywords: Dict; readonly params: Dict; readonly vars: Dict } {
  const rest = [...entry].filter(([key]) => !STRUCTURE.has(String(key)));
  const keywords = new Map(rest.filter(([key]) => isKeyword('role', String(key))));
  const params = new Map(rest.filter(([key]) => !isKeyword('role', String(key))));
  return { keywords: inherit(keywords, entry), params: inherit(params, entry), vars: readVars(entry.get('vars')) };
}
