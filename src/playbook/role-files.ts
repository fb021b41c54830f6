/** The files of a role: `tasks/main.yml`, `vars/main.yaml`, every file of `defaults/main/` … */

import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Fault, type Where } from '../fault.ts';
import { near } from '../value/near.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, isDict } from '../value/value.ts';
import { isDirectory, isFile } from './kind-of-path.ts';
import { type LoadOptions, readDocument } from './loader.ts';
import { checkShape } from './shape.ts';
import { didYouMean } from './unknown-keyword.ts';

const ENDINGS = ['.yml', '.yaml', '.json'];

/** One part of a role. `from` is the name that `tasks_from` and its like give. */
export interface Part {
  readonly path: string;
  readonly part: 'tasks' | 'handlers' | 'defaults' | 'vars' | 'meta';
  readonly from?: string | undefined;
  readonly where: Where;
}

/** The file of a part; undefined when the role has none. Throws `file-missing` for one that is named. */
export function mainFile(part: Part): string | undefined {
  const found = candidates(part).find(isFile);
  if (found === undefined && part.from !== undefined) throw absent(part);
  return found;
}

/** Variables of `vars/` or `defaults/`: a file, or all files of a directory of that name. */
export function readRoleVars(part: Part, options: LoadOptions): Dict {
  const found = candidates(part).find((path) => isFile(path) || isDirectory(path));
  if (found === undefined && part.from !== undefined) throw absent(part);
  if (found === undefined) return new Map();
  if (isFile(found)) return readVars(found, options);
  return new Map(filesOf(found).flatMap((file) => [...readVars(file, options)]));
}

export function readMeta(part: Part, options: LoadOptions): Dict {
  const file = mainFile(part);
  const document = file === undefined ? null : readDocument(file, options);
  if (document !== null) checkShape(document, 'meta', options.findings);
  return isDict(document) ? document : new Map();
}

/** Ansible's order: a given name is tried as it is first, `main` last. */
function candidates({ path, part, from }: Part): readonly string[] {
  const base = join(path, part, from ?? 'main');
  const withEnding = ENDINGS.map((ending) => base + ending);
  return from === undefined ? [...withEnding, base] : [base, ...withEnding];
}

function absent({ path, part, from, where }: Part): Fault {
  return new Fault('file-missing', `Could not find specified file in role: ${part}/${from}`, {
    where,
    hint: didYouMean(near(from ?? '', namesIn(join(path, part)))) ?? `it was looked for in ${join(path, part)}`,
  });
}

function namesIn(directory: string): readonly string[] {
  if (!isDirectory(directory)) return [];
  return readdirSync(directory).flatMap((name) => [name, name.replace(/\.\w+$/, '')]);
}

function filesOf(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => !name.startsWith('.') && !name.endsWith('~'))
    .sort()
    .flatMap((name) => {
      const path = join(directory, name);
      const ending = extname(name);
      if (isDirectory(path)) return ending === '' ? filesOf(path) : [];
      return ending === '' || ENDINGS.includes(ending) ? [path] : [];
    });
}

function readVars(file: string, options: LoadOptions): Dict {
  const document = readDocument(file, options);
  if (document === null) return new Map();
  if (isDict(document)) return document;
  options.findings.fault('vars-invalid', `${file} must contain a dictionary of variables`, {
    where: whereOf(document) ?? { file, line: 1, column: 1 },
    hint: 'write  name: value',
  });
  return new Map();
}
