/** Inventories from wherever they are: files, directories, executables, lists of hosts. */

import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { Fault, Findings } from '../fault.ts';
import { near } from '../value/near.ts';
import { readYaml } from '../value/yaml.ts';
import { expandHosts, splitPort } from './host-range.ts';
import { Inventory } from './inventory.ts';
import { readIni } from './read-ini.ts';
import { readScript } from './read-script.ts';
import { readYamlInventory } from './read-yaml-inventory.ts';

export interface InventoryOptions {
  readonly playbookDirectory?: string;
  readonly workingDirectory: string;
  readonly findings: Findings;
}

/** No sources: only the implicit localhost, as in Ansible. Faults are collected; a source that is nowhere among them. */
export async function loadInventory(sources: readonly string[], options: InventoryOptions): Promise<Inventory> {
  const inventory = new Inventory();
  for (const source of sources) {
    try {
      await readSource(source, inventory, options);
    } catch (error) {
      options.findings.keep(error);
    }
  }
  inventory.reconcile();
  if (sources.length > 0 && inventory.hosts.size === 0 && options.findings.faults.length === 0) {
    options.findings.warn(
      'inventory-empty',
      `the inventory ${sources.join(', ')} holds no hosts; only localhost is there`,
    );
  }
  return inventory;
}

async function readSource(source: string, inventory: Inventory, options: InventoryOptions): Promise<void> {
  if (source.includes(',')) {
    inventory.sources.push(source);
    for (const one of source
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean))
      addListed(one, inventory);
    return;
  }
  const path = findSource(source, options);
  inventory.sources.push(path);
  await readPath(path, inventory, options.findings);
}

function addListed(text: string, inventory: Inventory): void {
  const { name, port } = splitPort(text);
  try {
    for (const host of expandHosts(name)) {
      const entry = inventory.ensureHost(host, undefined);
      if (port !== undefined) entry.vars.set('ansible_port', port);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Fault('inventory-invalid', error.message);
  }
}

const ENDINGS = ['', '.ini', '.yml', '.yaml'];

function findSource(source: string, { playbookDirectory, workingDirectory }: InventoryOptions): string {
  const given = resolve(workingDirectory, source);
  const bases = source.includes('/') ? [] : [...new Set([workingDirectory, playbookDirectory ?? workingDirectory])];
  const tried = [
    given,
    ...bases.flatMap((base) => ENDINGS.map((ending) => join(base, 'inventory', source + ending))),
    ...bases.flatMap((base) => ENDINGS.slice(1).map((ending) => join(base, source + ending))),
  ];
  const found = tried.find((path) => existsSync(path));
  if (found) return found;
  const folders = [...new Set(tried.map((path) => dirname(path)))].filter((path) => existsSync(path));
  const names = folders.flatMap((folder) => readdirSync(folder)).filter((name) => !name.startsWith('.'));
  const short = names.map((name) => name.replace(/\.(?:ini|ya?ml)$/, ''));
  const meant = near(basename(source), [...short, ...names]);
  throw new Fault(
    'inventory-missing',
    `there is no inventory '${source}'; looked for:\n  ${[...new Set(tried)].join('\n  ')}`,
    {
      hint:
        meant.length > 0
          ? `did you mean "${meant[0]}"?`
          : `for a list of hosts write "${source},"; hosts to try things on:  playbake sandbox up 2`,
    },
  );
}

/** Files that Ansible passes over in an inventory directory. */
const IGNORED = /(?:~|\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|ini|cfg|retry))$/;

async function readPath(path: string, inventory: Inventory, findings: Findings): Promise<void> {
  if (!statSync(path).isDirectory()) return readFile(path, inventory, findings);
  for (const name of readdirSync(path).sort()) {
    if (name.startsWith('.') || name === 'group_vars' || name === 'host_vars' || IGNORED.test(name)) continue;
    await readPath(join(path, name), inventory, findings);
  }
}

async function readFile(path: string, inventory: Inventory, findings: Findings): Promise<void> {
  if (isExecutable(path)) return readScript(path, inventory, findings);
  const text = readFileSync(path, 'utf8');
  if (text.startsWith('$ANSIBLE_VAULT;')) {
    throw new Fault('inventory-invalid', `${path} is encrypted with ansible-vault, which playbake cannot decrypt yet`);
  }
  if (isYaml(path, text)) {
    const before = findings.faults.length;
    const { documents } = readYaml(text, path, findings);
    if (findings.faults.length === before && documents[0] !== undefined && documents[0] !== null) {
      readYamlInventory(documents[0], path, inventory, findings);
    }
  } else readIni(text, path, inventory, findings);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return readFileSync(path, 'latin1').startsWith('#!') || extname(path) === '';
  } catch {
    return false;
  }
}

/** By its ending; a file without one is YAML when its first line says so. */
function isYaml(path: string, text: string): boolean {
  const ending = extname(path);
  if (['.yml', '.yaml', '.json'].includes(ending)) return true;
  if (ending !== '') return false;
  const first = text.split('\n').find((line) => line.trim() !== '' && !/^\s*[#;]/.test(line)) ?? '';
  if (first.trim() === '---' || first.trimStart().startsWith('{')) return true;
  const looksLikeKey = /^[\w.-]+:\s*$/.test(first);
  return looksLikeKey && readYaml(text, path, new Findings()).documents[0] instanceof Map;
}
