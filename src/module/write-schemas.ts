/** Writes `schemas/modules/*.json` from the modules' argument tables; `--check` only says whether they are up to date. */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadBuiltin } from './load-module.ts';
import { schemaOf } from './schema.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const directory = `${root}schemas/modules/`;

/** The schema files as they should be, by file name. */
export async function moduleSchemas(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const name of moduleNames()) {
    const module = await loadBuiltin(name);
    if (module) files.set(`${name}.json`, `${JSON.stringify(schemaOf(name, module), null, 1)}\n`);
  }
  return files;
}

/** The names of our own modules. */
export function moduleNames(): readonly string[] {
  return readdirSync(`${root}modules`)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

/** Files that are missing, stale or too many. */
export function drift(wanted: ReadonlyMap<string, string>): readonly string[] {
  const there = list();
  const stale = [...wanted].filter(
    ([file, text]) => !there.includes(file) || readFileSync(directory + file, 'utf8') !== text,
  );
  return [...stale.map(([file]) => file), ...there.filter((file) => !wanted.has(file))].sort();
}

function list(): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function write(wanted: ReadonlyMap<string, string>): void {
  mkdirSync(directory, { recursive: true });
  for (const file of drift(wanted)) {
    const text = wanted.get(file);
    if (text === undefined) rmSync(directory + file);
    else writeFileSync(directory + file, text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = await moduleSchemas();
  const differ = drift(wanted);
  if (!process.argv.includes('--check')) write(wanted);
  else if (differ.length > 0) {
    process.stderr.write(
      `schemas/modules is not up to date: ${differ.join(', ')}\nrun: npx tsx src/module/write-schemas.ts\n`,
    );
    process.exitCode = 1;
  }
}
