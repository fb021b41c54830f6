/** Inventory files of every kind, and directories of them. */

import { accessSync, closeSync, constants, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Fault, Findings } from '../fault.ts';
import { readYaml, type YamlFile } from '../value/yaml.ts';
import type { Inventory } from './inventory.ts';
import { INI_SECTION, readIni } from './read-ini.ts';
import { readScript } from './read-script.ts';
import { readYamlInventory } from './read-yaml-inventory.ts';

/** What Ansible passes over in an inventory directory. */
const IGNORED =
  /^\.|^(?:host_vars|group_vars|vars_plugins)$|(?:~|\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|ini|cfg|retry))$/;

/** Faults of what the files hold go to the findings. Throws a Fault for a file that cannot be read or run. */
export async function readSource(path: string, inventory: Inventory, findings: Findings): Promise<void> {
  if (!statSync(path).isDirectory()) {
    await readFile(path, inventory, findings);
    return;
  }
  for (const name of readdirSync(path).sort()) {
    if (IGNORED.test(name)) continue;
    try {
      await readSource(join(path, name), inventory, findings);
    } catch (error) {
      findings.keep(error);
    }
  }
}

async function readFile(path: string, inventory: Inventory, findings: Findings): Promise<void> {
  if (isProgram(path)) return readScript(path, inventory, findings);
  const text = textOf(path);
  if (text.startsWith('$ANSIBLE_VAULT;')) {
    const message = `${path} is encrypted with ansible-vault, which playbake cannot decrypt yet`;
    throw new Fault('inventory-invalid', message, { where: { file: path, line: 1, column: 1 } });
  }
  if (extname(path) === '.toml') {
    const message = 'playbake does not read TOML inventories';
    throw new Fault('inventory-invalid', message, { where: { file: path }, hint: 'write it as INI or YAML' });
  }
  const yaml = asYaml(path, text);
  if (!yaml) {
    readIni(text, path, inventory, findings);
    return;
  }
  findings.faults.push(...yaml.findings.faults);
  findings.warnings.push(...yaml.findings.warnings);
  const [document = null] = yaml.file.documents;
  if (yaml.findings.faults.length === 0 && document !== null) {
    readYamlInventory(document, path, inventory, findings);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (cause) {
    throw new Fault('file-unreadable', `cannot read the inventory ${path}`, { cause });
  }
}

/**
 * As Ansible's script plugin: executable, or with a `#!`. A file that is executable but neither a script nor a binary
 * (every file is, on some file systems) would not run there either.
 */
function isProgram(path: string): boolean {
  const start = Buffer.alloc(64);
  try {
    const file = openSync(path, 'r');
    readSync(file, start);
    closeSync(file);
  } catch {
    return false;
  }
  const isScript = start.subarray(0, 2).toString('latin1') === '#!';
  const isExecutable = canRun(path);
  if (isScript && !isExecutable) {
    throw new Fault('inventory-invalid', `the inventory script ${path} is not executable`, {
      where: { file: path },
      hint: `chmod +x ${path}`,
    });
  }
  return isExecutable && (isScript || start.subarray(0, 4).toString('latin1') === '\x7fELF');
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first line that says something. */
function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '' && !/^\s*[#;]/.test(line)) ?? '';
}

/**
 * A file named as YAML is YAML, unless it holds sections; one without an ending when its first line looks like it.
 * Undefined for INI.
 */
function asYaml(path: string, text: string): { readonly file: YamlFile; readonly findings: Findings } | undefined {
  const first = firstLine(text);
  const isNamed = ['.yml', '.yaml', '.json'].includes(extname(path));
  const maySo = isNamed
    ? !INI_SECTION.test(first.trim())
    : extname(path) === '' && /^(?:---|%YAML|\{|(["']?)[\w.-]+\1\s*:(?:\s|$))/.test(first);
  if (!maySo) return undefined;
  const findings = new Findings();
  return { file: readYaml(text, path, findings), findings };
}
