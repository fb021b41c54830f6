import { readFileSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { PythonError } from '../value/python-error.ts';

export type Folder = 'templates' | 'files' | 'vars';

/** The directories in which files that templates name are looked for. */
export class SearchPath {
  readonly #directories: readonly string[];
  readonly #onLook: ((path: string) => void) | undefined;

  /** @param onLook told each place that is looked at for a file. */
  constructor(directories: readonly string[], onLook?: (path: string) => void) {
    this.#directories = directories;
    this.#onLook = onLook;
  }

  /** The nearest directory. */
  get first(): string | undefined {
    return this.#directories[0];
  }

  /** Where a name may stand, the first place first: in each directory's `folder`, then in the directory. */
  candidates(name: string, folder: Folder): readonly string[] {
    const path = name.startsWith('~/') ? join(homedir(), name.slice(2)) : name;
    if (isAbsolute(path)) return [path];
    return this.#directories.flatMap((directory) => [join(directory, folder, path), join(directory, path)]);
  }

  /** The path of a file that exists, or undefined. */
  find(name: string, folder: Folder): string | undefined {
    return this.candidates(name, folder).find((path) => {
      this.#onLook?.(path);
      return exists(path);
    });
  }

  read(name: string, folder: Folder): { readonly text: string; readonly path: string } | undefined {
    const path = this.find(name, folder);
    if (path === undefined) return undefined;
    try {
      return { text: readFileSync(path, 'utf8'), path };
    } catch (error) {
      throw new PythonError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

export const exists = (path: string): boolean => look(path) !== undefined;

/** What stands at a path, or undefined: also when it cannot be looked at. */
export function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
