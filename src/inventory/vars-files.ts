/** The files of one run's group_vars and host_vars directories, each read once. */

import { readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Findings } from '../fault.ts';
import type { Dict } from '../value/value.ts';
import { readVarsFile } from './vars-file.ts';

const ENDINGS = ['', '.yml', '.yaml', '.json'];

export class VarsFiles {
  readonly #findings: Findings;
  readonly #directories = new Map<string, ReadonlySet<string>>();
  readonly #found = new Map<string, readonly Dict[]>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /**
   * What a directory holds for a host or group: the directory NAME with all files below it, or the file NAME, NAME.yml,
   * NAME.yaml or NAME.json, whichever is there first.
   */
  of(directory: string, name: string): readonly Dict[] {
    // A chroot's name is a path.
    if (name.startsWith('/')) return [];
    const path = join(directory, name);
    let found = this.#found.get(path);
    if (!found) {
      const names = this.#names(directory);
      const ending = ENDINGS.find((one) => names.has(name + one));
      found = ending === undefined ? [] : this.#read(path + ending);
      this.#found.set(path, found);
    }
    return found;
  }

  #names(directory: string): ReadonlySet<string> {
    let names = this.#directories.get(directory);
    if (!names) {
      names = new Set(this.#list(directory));
      this.#directories.set(directory, names);
    }
    return names;
  }

  #list(directory: string): readonly string[] {
    const stats = statSync(directory, { throwIfNoEntry: false });
    if (!stats) return [];
    if (stats.isDirectory()) return readdirSync(directory);
    this.#findings.warn('vars-invalid', `${directory} is not a directory, skipping`);
    return [];
  }

  #read(path: string): readonly Dict[] {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isDirectory()) return [readVarsFile(path, this.#findings)];
    return readdirSync(path)
      .filter((name) => !name.startsWith('.') && !name.endsWith('~'))
      .sort()
      .flatMap((name) => this.#member(join(path, name)));
  }

  /** Directories with an ending are passed over, as are files with another. */
  #member(path: string): readonly Dict[] {
    const ending = extname(path);
    const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
    return isDirectory ? (ending === '' ? this.#read(path) : []) : ENDINGS.includes(ending) ? this.#read(path) : [];
  }
}
