import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';
import { type Fault, Findings, faultsOf } from '../../src/fault.ts';
import { parseExtraVars } from '../../src/inventory/extra-vars.ts';
import type { Inventory } from '../../src/inventory/inventory.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { selectHosts } from '../../src/inventory/select.ts';
import { hostVariables } from '../../src/inventory/vars.ts';
import { readJson, writeJson } from '../../src/value/json.ts';
import { fromPlain, isDict, type Plain, type Value } from '../../src/value/value.ts';
import { parseYaml } from '../../src/value/yaml.ts';

/** One file a case: what the files hold, the sources and patterns, what is wrong. Ansible's answers are recorded beside. */
const CASES = join(import.meta.dirname, 'cases');
const RECORDED = join(import.meta.dirname, 'recorded.json');

interface Case {
  readonly files?: Readonly<Record<string, string>>;
  readonly sources?: readonly string[];
  readonly play?: string;
  readonly patterns?: readonly (string | readonly string[])[];
  readonly limits?: readonly (readonly [string, string])[];
  readonly extra_vars?: readonly (readonly string[])[];
  /** `add_host` and `group_by`, before the rest is asked. */
  readonly changes?: readonly (
    | { readonly name: string; readonly groups?: readonly string[]; readonly vars?: Readonly<Record<string, Plain>> }
    | { readonly group: string; readonly host: string; readonly parents?: readonly string[] }
  )[];
  /** The host whose variables are read. */
  readonly reads?: string;
  readonly faults?: readonly string[];
  readonly warnings?: readonly string[];
}

const text = (value: Value): string => writeJson(value, { sort: true, indent: 1 });
const get = (value: Value | undefined, key: Value): Value | undefined => (isDict(value) ? value.get(key) : undefined);
const recorded = readJson(readFileSync(RECORDED, 'utf8'));

function readCase(name: string): Case {
  const value = parseYaml(readFileSync(join(CASES, name), 'utf8'), name, new Findings());
  return JSON.parse(writeJson(value));
}

/** A new directory with the files; those that begin with #! can be run. */
function write({ files = {} }: Case): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'inventory-')));
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    if (content.startsWith('#!')) chmodSync(path, 0o755);
  }
  return directory;
}

interface Loaded {
  readonly inventory: Inventory;
  readonly directory: string;
  readonly findings: Findings;
}

async function load({ sources = [] }: Case, directory: string): Promise<Loaded> {
  const findings = new Findings();
  return { inventory: await loadInventory(sources, { workingDirectory: directory, findings }), directory, findings };
}

/** What record.py writes of Ansible's inventory, of ours. */
function summary(
  { inventory, directory, findings }: Loaded,
  { play, changes = [], patterns = [], limits = [] }: Case,
): Value {
  const changed = changes.map((step) =>
    'name' in step
      ? inventory.addHost(
          step.name,
          step.groups ?? [],
          new Map(Object.entries(step.vars ?? {}).map(([key, value]) => [key, fromPlain(value)])),
        )
      : inventory.addToGroup(step.group, step.host, step.parents ?? ['all']),
  );
  const playbookDirectory = join(directory, play ?? 'nowhere');
  const vars = (host: string) => hostVariables(inventory, host, { playbookDirectory, findings });
  const shown = (path: string | undefined) => (path?.startsWith('/') ? relative(directory, path) || '.' : path) ?? null;
  const hosts = [...inventory.hosts.keys()].map((name): [string, Value] => [
    name,
    new Map<Value, Value>([
      ['vars', vars(name)],
      ['groups', inventory.groupNames(name)],
      ['file', shown(inventory.inventoryFile(name))],
      ['dir', shown(inventory.inventoryDir(name))],
    ]),
  ]);
  const groups = [...inventory.groups.values()].map(({ name, children, depth, priority }): [string, Value] => [
    name,
    fromPlain({ hosts: inventory.hostsOf(name), children, depth, priority }),
  ]);
  const selected = [
    ...patterns.map((pattern) => select(inventory, pattern)),
    ...limits.map(([pattern, limit]) => select(inventory, pattern, limit, directory)),
  ];
  const result = new Map<Value, Value>([
    ['changed', changed],
    ['hosts', new Map(hosts)],
    ['order', [...inventory.hosts.keys()]],
    ['groups', new Map(groups)],
    ['selected', selected],
  ]);
  if (!inventory.hosts.has('localhost')) result.set('localhost', vars('localhost'));
  return result;
}

function select(inventory: Inventory, pattern: string | readonly string[], limit?: string, directory = '/'): Value {
  const findings = new Findings();
  try {
    const hosts = selectHosts(inventory, pattern, { findings, workingDirectory: directory, ...(limit && { limit }) });
    return fromPlain({ hosts, ignored: [...new Set(findings.warnings.map(({ message }) => message))].sort() });
  } catch (error) {
    const [fault] = faultsOf(error) ?? [];
    if (!fault) throw error;
    return fromPlain({ error: fault.message.replace(/file .*\/(\w+)$/, "file b'$1'") });
  }
}

const shownFault = (directory: string) => (fault: Fault) => {
  const { file, line, column } = fault.where ?? {};
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return [place, fault.message].filter(Boolean).join(' ').replaceAll(`${directory}/`, '');
};

for (const file of readdirSync(CASES)) {
  const name = file.replace(/\.yml$/, '');
  const one = readCase(file);
  describe(`the inventory case ${name}`, () => {
    let directory: string;
    before(() => {
      directory = write(one);
    });
    after(() => rmSync(directory, { recursive: true }));

    if (one.extra_vars) {
      one.extra_vars.forEach((texts, index) => {
        it(`reads -e ${texts.join(' -e ')} as Ansible does`, () => {
          const findings = new Findings();
          const vars: Value = parseExtraVars(texts, { workingDirectory: directory, findings });
          const expected = Array.isArray(get(recorded, name)) ? (get(recorded, name) as readonly Value[])[index] : null;
          expect(text(findings.faults.length > 0 ? 'failed' : vars)).to.equal(text(expected ?? null));
        });
      });
    } else if (one.faults) {
      const { faults } = one;
      it('has all its faults, with their places', async () => {
        const { inventory, findings } = await load(one, directory);
        if (one.reads) hostVariables(inventory, one.reads, { findings });
        expect(findings.faults.map(shownFault(directory))).to.deep.equal(faults);
        expect(text(get(get(recorded, name), 'failed') ?? null)).to.equal('true');
      });
    } else {
      it('is to playbake what it is to Ansible', async () => {
        const loaded = await load(one, directory);
        const ours = summary(loaded, one);
        expect(loaded.findings.faults.map(shownFault(directory))).to.deep.equal([]);
        const warnings = loaded.findings.warnings.map(shownFault(directory));
        if (one.warnings) expect(warnings).to.deep.equal(one.warnings);
        expect(text(ours)).to.equal(text(get(recorded, name) ?? null));
      });
    }
  });
}

describe('the record of inventories', () => {
  it('is what Ansible answers', function () {
    let python: string;
    try {
      const program = execFileSync('sh', ['-c', 'command -v ansible-inventory'], { encoding: 'utf8' }).trim();
      python = /^#! *(\S+)/.exec(readFileSync(program, 'utf8'))?.[1] ?? '';
    } catch {
      this.skip();
    }
    const record = join(import.meta.dirname, 'record.py');
    const output = execFileSync(python, [record, '--print'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect(output).to.equal(readFileSync(RECORDED, 'utf8'));
  });
});
