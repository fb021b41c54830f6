import { join } from 'node:path';
import type { RoleUse } from '../playbook/types.ts';

const FOLDERS = ['tasks', 'handlers', 'vars', 'defaults', 'meta'];

/** The directories of a role, and of those that it depends on, that a play reads as a whole when it includes the role. */
export function codeOf(role: RoleUse): readonly string[] {
  const own = FOLDERS.map((folder) => join(role.path, folder));
  return [...own, ...role.dependencies.flatMap(codeOf)];
}
