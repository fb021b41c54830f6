/** Which module an action's name means. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { near } from '../value/near.ts';
import { loadBuiltin, loadFile } from './load-module.ts';
import type { Module } from './module.ts';

export type Resolution =
  /** `path` is the file of a user's module. */
  | { readonly kind: 'module'; readonly name: string; readonly module: Module; readonly path?: string }
  /** The engine's own: it changes the play, not a host. */
  | { readonly kind: 'action'; readonly name: string }
  /** Ansible's world has it and playbake does not; `because` where there is more to say. */
  | { readonly kind: 'lacking'; readonly name: string; readonly because?: string }
  | { readonly kind: 'unknown'; readonly near: readonly string[] };

export const ENGINE_ACTIONS: ReadonlySet<string> = new Set([
  'add_host',
  'async_status',
  'group_by',
  'import_playbook',
  'import_role',
  'import_tasks',
  'include_role',
  'include_tasks',
  'meta',
  'set_stats',
]);

/** Names that mean a module of another name: Ansible's own synonyms, and modules that moved to collections. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['gather_facts', 'setup'],
  ['systemd_service', 'systemd'],
  ['yum', 'dnf'],
  ['community.aws.elb_target', 'elb_target'],
  ['community.general.apk', 'apk'],
  ['community.general.pacman', 'pacman'],
  ['community.general.zypper', 'zypper'],
]);

export class ModuleCatalog {
  readonly #directories: readonly string[];
  readonly #resolved = new Map<string, Promise<Resolution>>();
  readonly #listings = new Map<string, readonly string[]>();

  /** @param options.directories the user's `modules` and `library` directories; the first that has a name holds. */
  constructor(options: { readonly directories?: readonly string[] } = {}) {
    this.#directories = options.directories ?? [];
  }

  /**
   * @param action as written: `copy`, `ansible.builtin.copy`, `community.general.pacman`.
   * @param beside directories that come first for this one: a role's.
   * Throws Fault `module-invalid` for a module file that cannot be loaded.
   */
  resolve(action: string, beside: readonly string[] = []): Promise<Resolution> {
    const key = [action, ...beside].join('\0');
    let resolution = this.#resolved.get(key);
    if (!resolution) {
      resolution = this.#look(action, beside);
      this.#resolved.set(key, resolution);
      resolution.catch(() => undefined);
    }
    return resolution;
  }

  async #look(action: string, beside: readonly string[]): Promise<Resolution> {
    const written = action.replace(/^ansible\.(?:builtin|legacy)\./, '');
    const name = OTHER_NAMES.get(written) ?? written;
    if (ENGINE_ACTIONS.has(name)) return { kind: 'action', name };
    const own = action.startsWith('ansible.builtin.') ? undefined : this.#find(name, [...beside, ...this.#directories]);
    if (own?.runs) return { kind: 'module', name, module: await loadFile(own.path), path: own.path };
    if (own) return { kind: 'lacking', name, because: `${own.path} ${own.why}` };
    const module = await loadBuiltin(name);
    if (module) return { kind: 'module', name, module };
    return this.#judge(name);
  }

  async #judge(name: string): Promise<Resolution> {
    const { isKnownCollection, isKnownModule, KNOWN_MODULES } = await import('./known-names.ts');
    if (isKnownModule(name)) return { kind: 'lacking', name };
    const collection = /^(\w+\.\w+)\.[\w.]+$/.exec(name)?.[1];
    if (collection !== undefined && collection !== 'ansible.builtin' && !isKnownCollection(collection)) {
      return { kind: 'lacking', name, because: `the collection ${collection} is not known` };
    }
    const short = [...KNOWN_MODULES, ...ENGINE_ACTIONS].filter((known) => known.includes('.') === name.includes('.'));
    return { kind: 'unknown', near: near(name, short) };
  }

  #find(name: string, directories: readonly string[]): UserFile | undefined {
    for (const directory of directories) {
      const files = this.#list(directory);
      const file = ENDINGS.map((ending) => `${name}${ending}`).find((each) => files.includes(each));
      if (file !== undefined) return userFile(join(directory, file));
    }
    return undefined;
  }

  #list(directory: string): readonly string[] {
    let files = this.#listings.get(directory);
    if (!files) {
      files = list(directory);
      this.#listings.set(directory, files);
    }
    return files;
  }
}

const ENDINGS = ['.mjs', '.js', '.ts', '.py', ''];

type UserFile =
  | { readonly path: string; readonly runs: true }
  | { readonly path: string; readonly runs: false; readonly why: string };

function userFile(path: string): UserFile {
  if (/\.m?js$/.test(path)) return { path, runs: true };
  if (path.endsWith('.ts')) return { path, runs: false, why: 'is TypeScript: compile it to a .mjs file beside it' };
  return { path, runs: false, why: 'is not JavaScript, and playbake runs no other modules' };
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
