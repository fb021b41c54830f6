/** Where roles are looked for. */

import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { Fault, type Where } from '../fault.ts';
import { near } from '../value/near.ts';
import { isDirectory } from './kind-of-path.ts';
import type { TaskContext } from './loader.ts';
import { didYouMean } from './unknown-keyword.ts';

/**
 * The absolute path of a role's directory.
 * @param beside the directory of the role that depends on it.
 * Throws `role-missing` with every place that was tried.
 */
export function findRole(name: string, where: Where, context: TaskContext, beside?: string): string {
  const expanded = name.replace(/^~(?=\/)/, homedir());
  const directories = roleDirectories(context, beside);
  const tried = isAbsolute(expanded)
    ? [expanded]
    : [
        ...collectionRoles(expanded, context),
        ...directories.map((directory) => resolve(directory, expanded)),
        resolve(expanded),
      ];
  const found = tried.find(isDirectory);
  if (found !== undefined) return found;
  throw new Fault('role-missing', `the role '${name}' was not found in ${[...new Set(tried.map(dirname))].join(':')}`, {
    where,
    hint: didYouMean(near(name, directories.flatMap(rolesIn))) ?? howToGet(name),
  });
}

function howToGet(name: string): string {
  if (/^\w[\w-]*\.\w+$/.test(name)) return `install it:  ansible-galaxy role install -p roles ${name}`;
  const collection = /^(\w+\.\w+)\.\w/.exec(name)?.[1];
  if (collection !== undefined)
    return `install its collection:  ansible-galaxy collection install -p collections ${collection}`;
  return `put it into roles/${basename(name)} beside the playbook`;
}

function roleDirectories({ playbookDirectory, role, rolesPath }: TaskContext, beside: string | undefined) {
  const environment = process.env['ANSIBLE_ROLES_PATH']?.split(':').filter(Boolean) ?? [];
  return [
    join(playbookDirectory, 'roles'),
    ...(rolesPath ?? []),
    ...environment.map((directory) => directory.replace(/^~(?=\/|$)/, homedir())),
    join(homedir(), '.ansible/roles'),
    '/usr/share/ansible/roles',
    '/etc/ansible/roles',
    ...(beside === undefined ? [] : [beside]),
    ...(role ? [dirname(role.path)] : []),
    playbookDirectory,
  ];
}

/** A directory without tasks is no role, though a play's own directory may hold both. */
function rolesIn(directory: string): readonly string[] {
  return basename(directory) === 'roles' && isDirectory(directory) ? readdirSync(directory) : [];
}

/** `namespace.collection.role`, or a role of a collection that the play or the role names. */
function collectionRoles(name: string, context: TaskContext): readonly string[] {
  const { role, playbookDirectory, collections = [] } = context;
  const qualified = /^(\w+\.\w+)\.([\w.-]+)$/.exec(name);
  const wanted = qualified
    ? [[qualified[1] ?? '', qualified[2] ?? ''] as const]
    : collections.map((collection) => [collection, name] as const);
  const roots = [
    join(playbookDirectory, 'collections'),
    ...(process.env['ANSIBLE_COLLECTIONS_PATH'] ?? process.env['ANSIBLE_COLLECTIONS_PATHS'] ?? '').split(':'),
    join(homedir(), '.ansible/collections'),
    '/usr/share/ansible/collections',
    ...[role?.path ?? '', playbookDirectory].map((path) => /^(.*)\/ansible_collections\//.exec(path)?.[1] ?? ''),
  ].filter(Boolean);
  return wanted.flatMap(([collection, one]) => {
    const path = join('ansible_collections', collection.replace('.', '/'), 'roles', one.replaceAll('.', '/'));
    return roots.map((root) => join(root, path));
  });
}
