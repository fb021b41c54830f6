/** Where task files that are included or imported are looked for. */

import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { Fault, type Where } from '../fault.ts';
import { isFile } from './kind-of-path.ts';
import type { TaskContext } from './loader.ts';

/**
 * An absolute path. Ansible's order: in a role its tasks (or handlers) before the directory of the file that includes
 * (an import: after it), then the playbook's. Throws `file-missing` with every place that was tried.
 */
export function findTasks(
  name: string,
  context: TaskContext,
  { where, isStatic = false }: { readonly where?: Where; readonly isStatic?: boolean } = {},
): string {
  const expanded = name.replace(/^~(?=\/)/, homedir());
  const tried = isAbsolute(expanded) ? [expanded] : candidates(expanded, context, isStatic);
  const found = tried.find(isFile);
  if (found !== undefined) return found;
  throw new Fault('file-missing', `Could not find or access '${name}'\nSearched in:\n\t${tried.join('\n\t')}`, {
    where,
  });
}

function candidates(name: string, context: TaskContext, isStatic: boolean): readonly string[] {
  const { role, directory, playbookDirectory, handlers } = context;
  if (!role) return [...new Set([directory, playbookDirectory].map((base) => resolve(base, name)))];
  const own = [...(handlers ? [join(role.path, 'handlers')] : []), join(role.path, 'tasks')];
  const near = isStatic ? [directory, ...own] : [...own, directory];
  const bases = [...near, join(playbookDirectory, 'tasks'), role.path, playbookDirectory];
  return [...new Set(bases.map((base) => resolve(base, name)))];
}
