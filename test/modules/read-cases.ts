/** The cases as data. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Findings } from '../../src/fault.ts';
import { type Dict, isDict, isList } from '../../src/value/value.ts';
import { parseYaml } from '../../src/value/yaml.ts';

export interface Case {
  readonly name: string;
  readonly module: string;
  readonly described: Dict;
}

export function readCases(directory: string): readonly Case[] {
  return readdirSync(directory).flatMap((module) =>
    readdirSync(join(directory, module)).flatMap((file) => {
      const path = join(directory, module, file);
      const findings = new Findings();
      const cases = parseYaml(readFileSync(path, 'utf8'), path, findings);
      findings.check();
      if (!isList(cases)) throw new Error(`${path} must hold a list of cases`);
      return cases.filter(isDict).map((described) => ({ name: String(described.get('name')), module, described }));
    }),
  );
}

/** Whether it can run here. */
export function isFor(one: Case, shell: string): boolean {
  const shells = one.described.get('shells');
  return (
    (!isList(shells) || shells.includes(shell)) && (one.described.get('root') !== true || process.getuid?.() === 0)
  );
}
