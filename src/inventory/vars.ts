/** A host's variables from the inventory, its group_vars and host_vars, and those beside the playbook. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Findings } from '../fault.ts';
import { inherit } from '../value/source.ts';
import type { Dict, Value } from '../value/value.ts';
import type { Inventory } from './inventory.ts';
import { readVarsFile } from './vars-file.ts';

export interface HostVariablesOptions {
  readonly playbookDirectory?: string;
  readonly findings: Findings;
}

/** Levels 3 to 10 of Ansible's precedence, merged. */
export function hostVariables(inventory: Inventory, host: string, options: HostVariablesOptions): Dict {
  const all = inventory.groupsOf(host);
  const groups = all.filter(({ name }) => name !== 'all');
  const files = new VarsFiles(options.findings);
  const sources = directories(inventory);
  const play = options.playbookDirectory === undefined ? [] : [options.playbookDirectory];
  const named = (roots: readonly string[], kind: string, names: readonly string[]) =>
    roots.flatMap((root) => names.flatMap((name) => files.under(join(root, kind, name))));
  const names = groups.map(({ name }) => name);
  return merge([
    ...all.map(({ vars }) => vars),
    ...named(sources, 'group_vars', ['all']),
    ...named(play, 'group_vars', ['all']),
    ...named(sources, 'group_vars', names),
    ...named(play, 'group_vars', names),
    inventory.host(host)?.vars ?? new Map(),
    ...named(sources, 'host_vars', [host]),
    ...named(play, 'host_vars', [host]),
  ]);
}

/** Where group_vars and host_vars of inventories are: beside each file, inside each directory. */
function directories(inventory: Inventory): readonly string[] {
  const found = inventory.sources
    .filter((source) => existsSync(source))
    .map((source) => (statSync(source).isDirectory() ? source : dirname(source)));
  return [...new Set(found)];
}

/** One container keeps its places: later ones win, so the largest is copied last only when it is alone. */
function merge(parts: readonly Dict[]): Dict {
  const filled = parts.filter((part) => part.size > 0);
  const merged = new Map<Value, Value>(filled.flatMap((part) => [...part]));
  return filled.length === 1 && filled[0] ? inherit(merged, filled[0]) : merged;
}

const cache = new Map<string, { readonly mtime: number; readonly vars: Dict }>();

class VarsFiles {
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** NAME, NAME.yml, NAME.yaml, NAME.json, and every such file in a directory NAME. */
  under(base: string): readonly Dict[] {
    return [base, `${base}.yml`, `${base}.yaml`, `${base}.json`].flatMap((path) => this.#read(path));
  }

  #read(path: string): readonly Dict[] {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return [];
    if (!stats.isDirectory()) return [this.#file(path, stats.mtimeMs)];
    const names = readdirSync(path)
      .filter((name) => !name.startsWith('.') && !name.endsWith('~'))
      .sort();
    return names.flatMap((name) => {
      const inside = join(path, name);
      return /\.(ya?ml|json)$|^[^.]+$/.test(name) ? this.#read(inside) : [];
    });
  }

  #file(path: string, mtime: number): Dict {
    const known = cache.get(path);
    if (known?.mtime === mtime) return known.vars;
    const vars = readVarsFile(path, this.#findings);
    cache.set(path, { mtime, vars });
    return vars;
  }
}
