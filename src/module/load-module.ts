/** Module files into modules: our own by name, a user's by path. */

import { existsSync } from 'node:fs';
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Fault } from '../fault.ts';
import { importFile } from './import-file.ts';
import type { Module } from './module.ts';

/** A module of our own; undefined when there is no file of that name. */
export async function loadBuiltin(name: string): Promise<Module | undefined> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return undefined;
  try {
    return check(await import(`../../modules/${name}.ts`), `modules/${name}.ts`);
  } catch (error) {
    if (isNotThere(error, name)) return undefined;
    throw error;
  }
}

/** A user's module, ESM JavaScript that may import `playbake/module`. Throws Fault `module-invalid`. */
export async function loadFile(path: string): Promise<Module> {
  registerDoor();
  let loaded: unknown;
  try {
    loaded = await importFile(pathToFileURL(path).href);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault('module-invalid', `${path} cannot be loaded: ${why}`, { where: { file: path }, cause: error });
  }
  return check(loaded, path);
}

/** As Node says it, and as the bundle does. */
function isNotThere(error: unknown, name: string): boolean {
  if (!(error instanceof Error)) return false;
  const notFound = 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return (
    (notFound || error.message.startsWith('Module not found in bundle')) && error.message.includes(`modules/${name}.ts`)
  );
}

function check(loaded: unknown, path: string): Module {
  const found: unknown =
    typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : undefined;
  if (isModule(found)) return found;
  throw new Fault('module-invalid', `${path} is not a module`, {
    where: { file: path },
    hint: 'its default export must be module({ doc, args, examples, plan })',
  });
}

/** Whether a value has the shape of a module; also how a typed one becomes a plain `Module`. */
export function isModule(value: unknown): value is Module {
  if (typeof value !== 'object' || value === null || !('args' in value)) return false;
  if (typeof value.args !== 'object' || value.args === null) return false;
  return ('plan' in value && typeof value.plan === 'function') || ('run' in value && typeof value.run === 'function');
}

let registered = false;

/** A user's module lives anywhere: `playbake/module` must mean this very program's, or its `sh` would not be ours. */
function registerDoor(): void {
  if (registered) return;
  registered = true;
  const hook = `export const resolve = (name, context, next) => name === 'playbake/module'
    ? { url: ${JSON.stringify(doorUrl())}, shortCircuit: true } : next(name, context);`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

/** From sources the file beside this one; as built `module.js` beside the engine. */
function doorUrl(): string {
  const source = new URL('./module.ts', import.meta.url);
  return (existsSync(source) ? source : new URL('./module.js', import.meta.url)).href;
}
