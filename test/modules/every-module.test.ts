import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Findings } from '../../src/fault.ts';
import { checkArguments } from '../../src/module/check-arguments.ts';
import { loadBuiltin } from '../../src/module/load-module.ts';
import type { Arg, Module } from '../../src/module/module.ts';
import { drift, moduleNames, moduleSchemas } from '../../src/module/write-schemas.ts';
import { type Dict, isDict, isList, type Value } from '../../src/value/value.ts';
import { parseYaml } from '../../src/value/yaml.ts';

const cases = readdirSync(fileURLToPath(new URL('cases', import.meta.url)));

/** What needs a machine of its own, or has no files to compare, is tried in tests of its own. */
const elsewhere = filesIn(fileURLToPath(new URL('..', import.meta.url)))
  .filter((file) => !file.endsWith('every-module.test.ts'))
  .map((file) => readFileSync(file, 'utf8'));

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|yml)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Its names: a module may have several. */
async function namesOf(module: Module): Promise<readonly string[]> {
  const loaded = await Promise.all(moduleNames().map(async (name) => [name, await load(name)] as const));
  return loaded.filter(([, other]) => other.examples === module.examples).map(([name]) => name);
}

async function load(name: string): Promise<Module> {
  const module = await loadBuiltin(name);
  if (!module) throw new Error(`there is no module ${name}`);
  return module;
}

describe('every module', () => {
  for (const name of moduleNames()) {
    describe(name, () => {
      it('says what it is for, and what each argument is', async () => {
        const module = await load(name);
        expect(module.doc, 'doc').to.match(/^\p{Lu}[^\n]*\.$/u);
        for (const [key, arg] of Object.entries(module.args)) expect(arg.doc, key).to.match(/\S[^\n]*\.$/u);
        for (const [key, why] of Object.entries(module.unsupported ?? {})) expect(why, key).to.match(/\S/);
      });

      it('has no argument twice, and none that it does not support', async () => {
        const module = await load(name);
        const names = Object.entries<Arg>(module.args).flatMap(([key, arg]) => [key, ...(arg.alias ?? [])]);
        expect(names).to.deep.equal([...new Set(names)]);
        expect(names.filter((key) => key in (module.unsupported ?? {}))).to.deep.equal([]);
      });

      it('has examples that hold', async () => {
        const module = await load(name);
        const findings = new Findings();
        const tasks = parseYaml(module.examples, name, findings);
        findings.check();
        const names = await namesOf(module);
        const examples = (isList(tasks) ? tasks.filter(isDict) : []).flatMap((task) =>
          names.filter((key) => task.has(key)).map((key) => argumentsOf(task, key)),
        );
        expect(examples, 'examples').to.not.be.empty;
        for (const args of examples) {
          expect(checkArguments(name, module, args, { where: undefined, partial: true })).to.deep.equal([]);
        }
      });

      it('is tried', async () => {
        const names = await namesOf(await load(name));
        const isTried = (each: string) =>
          cases.includes(each) ||
          elsewhere.some((text) => text.includes(`modules/${each}`) || text.includes(` ${each}:`));
        expect(names.some(isTried), names.join(', ')).to.equal(true);
      });
    });
  }

  it('has a schema that is up to date', async () => {
    expect(drift(await moduleSchemas())).to.deep.equal([]);
  });
});

function argumentsOf(task: Dict, name: string): Dict {
  const given = task.get(name) ?? null;
  const more = task.get('args');
  const args = new Map<Value, Value>(isDict(given) ? given : given === null ? [] : [['_raw_params', given]]);
  for (const [key, value] of isDict(more) ? more : []) args.set(key, value);
  return args;
}
