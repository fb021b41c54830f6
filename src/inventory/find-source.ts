/** Where an inventory that is named on the command line is. */

import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { Fault } from '../fault.ts';
import { near } from '../value/near.ts';

export interface Places {
  readonly playbookDirectory?: string;
  readonly workingDirectory: string;
}

const ENDINGS = ['', '.ini', '.yml', '.yaml'];

/**
 * The absolute path. A bare name is also looked for in `inventory/` of the working directory and beside the playbook,
 * and with the endings .ini, .yml and .yaml. Throws a Fault that lists all places when it is nowhere.
 */
export function findSource(source: string, { playbookDirectory, workingDirectory }: Places): string {
  const given = resolve(workingDirectory, source.replace(/^~(?=$|\/)/, homedir()));
  const bases = source.includes('/') ? [] : [...new Set([workingDirectory, playbookDirectory ?? workingDirectory])];
  const tried = new Set([
    given,
    ...bases.flatMap((base) => ENDINGS.map((ending) => join(base, 'inventory', source + ending))),
    ...bases.flatMap((base) => ENDINGS.map((ending) => join(base, source + ending))),
  ]);
  const found = [...tried].find((path) => existsSync(path));
  if (found) return found;
  const message = `there is no inventory '${source}'; looked for:\n  ${[...tried].join('\n  ')}`;
  throw new Fault('inventory-missing', message, { hint: hintFor(source, [...tried]) });
}

function hintFor(source: string, tried: readonly string[]): string | undefined {
  const folders = [...new Set(tried.map((path) => dirname(path)))].filter((path) => existsSync(path));
  const names = folders.flatMap((folder) => readdirSync(folder)).filter((name) => !name.startsWith('.'));
  const short = names.map((name) => name.replace(/\.(?:ini|ya?ml)$/, ''));
  const [meant] = near(basename(source), [...short, ...names]);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  if (source.includes('/')) return undefined;
  return `for a list of hosts write "${source},"; hosts to try things on:  playbake sandbox up 2`;
}
