/** The start of every bin: as little as possible until it is known what is wanted. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import manifest from '../../package.json' with { type: 'json' };
import type * as Engine from '../engine.ts';
import type { Program } from './run.ts';

/** Runs a program with the process's arguments and ends the process with its exit code. */
export function start(program: Program): void {
  const args = process.argv.slice(2);
  if (args.length === 1 && args[0] === '--version') process.stdout.write(`${program} ${manifest.version}\n`);
  else {
    const { engine } = load();
    // Most runs are over before optimized code pays: V8 waits eight times as long with it. (The compiled code is for the usual flags.)
    setFlagsFromString('--interrupt-budget=1000000');
    void engine.run(program, args);
  }
}

interface Loaded {
  readonly script: Script;
  readonly engine: typeof Engine;
}

/** The engine's script as `build.js` wraps it. */
type Definition = (
  require: NodeJS.Require,
  importFile: (url: string) => Promise<unknown>,
  url: string,
  file: string,
  directory: string,
) => typeof Engine;

let loaded: Loaded | undefined;

/**
 * The engine as built beside this file, loaded once. V8's compiled code lies beside it; another version of Node
 * than the one that built it compiles anew.
 */
export function load(): Loaded {
  if (loaded) return loaded;
  const filename = join(__dirname, 'engine.cjs');
  const script = new Script(readFileSync(filename, 'latin1'), {
    filename,
    cachedData: compiled(),
  });
  const define: Definition = script.runInThisContext();
  const importFile = (url: string) => import(url);
  const engine = define(createRequire(filename), importFile, pathToFileURL(filename).href, filename, __dirname);
  loaded = { script, engine };
  return loaded;
}

function compiled(): Buffer | undefined {
  try {
    return readFileSync(join(__dirname, 'engine.cache'));
  } catch {
    return undefined;
  }
}
