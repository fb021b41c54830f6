/** The cases as data. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Findings } from '../../src/fault.ts';
import { type Dict, isDict, isList } from '../../src/value/value.ts';
import { parseYaml } from '../../src/value/yaml.ts';

export interface Case {
  readonly name: string;
  readonly module: string;
  readonly path: string;
  /** Its place in the file. */
  readonly index: number;
  readonly described: Dict;
}

/** Every case in the files `MODULE/*.yml` of a directory. */
export function readCases(directory: string): readonly Case[] {
  return readdirSync(directory).flatMap((module) =>
    readdirSync(join(directory, module)).flatMap((file) => {
      const path = join(directory, module, file);
      return readFile(path).map((described, index) => {
        return { name: String(described.get('name')), module, path, index, described };
      });
    }),
  );
}

/** What a case says, read anew. */
export function describedBy({ path, index }: Case): Dict {
  return readFile(path)[index] ?? new Map();
}

function readFile(path: string): readonly Dict[] {
  const findings = new Findings();
  const cases = parseYaml(readFileSync(path, 'utf8'), path, findings);
  findings.check();
  if (!isList(cases)) throw new Error(`${path} must hold a list of cases`);
  return cases.filter(isDict);
}

/** Whether it can run here. */
export function isFor(one: Case, shell: string): boolean {
  const shells = one.described.get('shells');
  return (
    (!isList(shells) || shells.includes(shell)) && (one.described.get('root') !== true || process.getuid?.() === 0)
  );
}
