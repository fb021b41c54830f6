import { type Dirent, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import {
  Fault,
  type Host,
  isDict,
  module,
  type Plain,
  pyRegex,
  type Result,
  readVariables,
  type Value,
} from '../src/module/module.ts';

export default module({
  doc: 'Load variables from files.',
  args: {
    file: { type: 'string', doc: 'The file, looked for in `vars` directories.' },
    dir: { type: 'string', doc: 'A directory of which all files are loaded, in alphabetical order.' },
    name: { type: 'string', doc: 'A variable to put them all into.' },
    depth: { type: 'int', default: 0, doc: 'How many directories of a tree are visited; 0: all.' },
    files_matching: { type: 'string', doc: 'A regular expression for file names.' },
    ignore_files: {
      type: 'raw',
      doc: 'Names (regular expressions for their ends) to leave out: a list, or text with spaces.',
    },
    ignore_unknown_extensions: { type: 'boolean', default: false, doc: 'Pass over files of other kinds.' },
    extensions: { type: 'list', of: 'string', default: ['yaml', 'yml', 'json'], doc: 'File extensions to load.' },
    hash_behaviour: {
      type: 'enum',
      of: ['replace', 'merge'],
      doc: '`merge` joins dictionaries with those of the same name.',
    },
  },
  freeForm: 'file',
  examples: `
- include_vars: "{{ ansible_facts.os_family }}.yml"
- include_vars: { dir: vars/apps, name: apps }
`,
  local: true,
  verify({ file, dir }) {
    if (file !== undefined && dir !== undefined) {
      return 'You are mixing file only and dir only arguments, these are incompatible';
    }
    return file === undefined && dir === undefined ? 'file or dir is needed' : undefined;
  },
  async run(args, host): Promise<Result> {
    const included: string[] = [];
    try {
      const files =
        args.dir === undefined ? [host.find((args.file ?? '').trimEnd(), 'vars')] : filesIn(args.dir, args, host);
      const found = new Map<Value, Value>();
      for (const path of files) {
        if (args.dir !== undefined && !hasExtension(path, args.extensions)) {
          return failure(`${path} does not have a valid extension: ${args.extensions.join(', ')}`, included);
        }
        for (const [key, value] of await readVariables(path)) found.set(key, value);
        included.push(path);
      }
      return keep(found, included, args, host);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return failure(error.message, included);
    }
  },
});

interface Choice {
  readonly depth: number;
  readonly files_matching: string | undefined;
  readonly ignore_files: Plain | undefined;
  readonly ignore_unknown_extensions: boolean;
  readonly extensions: readonly string[];
}

function filesIn(dir: string, choice: Choice, host: Host): readonly string[] {
  const root = host.find(dir, 'vars');
  if (!statSync(root).isDirectory()) throw new Fault('vars-invalid', `${root} is not a directory`);
  const ignored = ignoredNames(choice.ignore_files).map((name) => pyRegex(`${name}$`));
  const wanted = choice.files_matching === undefined ? undefined : pyRegex(choice.files_matching);
  return walk(root)
    .slice(0, choice.depth === 0 ? undefined : choice.depth)
    .flatMap(({ directory, names }) => names.map((name) => ({ path: join(directory, name), name })))
    .filter(({ name }) => (!wanted || wanted.test(name)) && !ignored.some((pattern) => pattern.test(name)))
    .filter(({ path }) => !choice.ignore_unknown_extensions || hasExtension(path, choice.extensions))
    .map(({ path }) => path);
}

function ignoredNames(names: Plain | undefined): readonly string[] {
  if (typeof names === 'string') return names.split(/\s+/).filter(Boolean);
  return Array.isArray(names) ? names.map(String) : [];
}

/** Every directory of a tree with its files, in the order of their names. */
function walk(root: string): readonly { readonly directory: string; readonly names: readonly string[] }[] {
  const entries = readdirSync(root, { withFileTypes: true });
  const isDirectory = (entry: Dirent) => statSync(join(root, entry.name)).isDirectory();
  const names = entries.filter((entry) => !isDirectory(entry)).map(({ name }) => name);
  const below = entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => walk(join(root, name)));
  return [{ directory: root, names: names.sort() }, ...below].sort((a, b) => (a.directory < b.directory ? -1 : 1));
}

function hasExtension(path: string, extensions: readonly string[]): boolean {
  return extensions.includes(extname(path).slice(1));
}

function failure(message: string, included: readonly string[]): Result {
  return { failed: true, message, msg: message, ansible_included_var_files: included, ansible_facts: {} };
}

interface Keeping {
  readonly name: string | undefined;
  readonly hash_behaviour: 'replace' | 'merge' | undefined;
}

function keep(found: ReadonlyMap<Value, Value>, included: readonly string[], args: Keeping, host: Host): Result {
  const named: ReadonlyMap<Value, Value> = args.name === undefined ? found : new Map([[args.name, found]]);
  const variables = new Map<Value, Value>();
  for (const [key, value] of named) {
    const old = args.hash_behaviour === 'merge' ? host.variable(String(key)) : undefined;
    variables.set(key, old === undefined ? value : merge(old, value));
  }
  host.setVariables(Object.fromEntries([...variables].map(([key, value]) => [String(key), value])), 'include_vars');
  return { changed: false, ansible_included_var_files: included, ansible_facts: variables };
}

/** Dictionaries deep, anything else replaced. */
function merge(old: Value, value: Value): Value {
  if (!isDict(old) || !isDict(value)) return value;
  const merged = new Map(old);
  for (const [key, item] of value) merged.set(key, merge(old.get(key) ?? item, item));
  return merged;
}
