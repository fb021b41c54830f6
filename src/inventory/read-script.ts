/** Executable inventories: `--list` prints groups as JSON, `--host NAME` one host's variables. */

import { execFile } from 'node:child_process';
import { Fault, type Findings } from '../fault.ts';
import { readJson } from '../value/json.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';
import type { Inventory } from './inventory.ts';

/** Throws a Fault when the script cannot be run, fails, or prints what is no inventory. */
export async function readScript(file: string, inventory: Inventory, findings: Findings): Promise<void> {
  const groups = parse(await run(file, ['--list'], findings), file, '--list');
  const hosts = new Set<string>();
  for (const [name, group] of groups) {
    if (name === '_meta') continue;
    for (const host of readGroup(String(name), group, file, inventory)) hosts.add(host);
  }
  const meta = groups.get('_meta');
  const known = isDict(meta) ? meta.get('hostvars') : undefined;
  for (const host of hosts) {
    const vars = isDict(known) ? (known.get(host) ?? new Map()) : await askHost(file, host, findings);
    if (!isDict(vars)) throw wrong(file, `the variables of host '${host}' must be a mapping`);
    inventory.addVars(host, vars);
  }
}

/** The hosts that the group names. A list is its hosts; a mapping of anything else is variables of a host of that name. */
function readGroup(name: string, value: Value, file: string, inventory: Inventory): readonly string[] {
  inventory.ensureGroup(name);
  const isGroup = isDict(value) && ['hosts', 'vars', 'children'].some((key) => value.has(key));
  const group: Dict = isGroup ? value : new Map<Value, Value>(isDict(value) ? [['vars', value]] : [['hosts', value]]);
  const hosts = isDict(value) && !isGroup ? [name] : namesOf(group.get('hosts'), `hosts of group '${name}'`, file);
  for (const host of hosts) {
    inventory.ensureHost(host, file);
    inventory.addMember(name, host);
  }
  const vars = group.get('vars') ?? new Map();
  if (!isDict(vars)) throw wrong(file, `the vars of group '${name}' must be a mapping`);
  inventory.addVars(name, vars);
  for (const child of namesOf(group.get('children'), `children of group '${name}'`, file)) {
    inventory.addChild(name, child);
  }
  return hosts;
}

function namesOf(value: Value | undefined, what: string, file: string): readonly string[] {
  if (value === undefined) return [];
  const names = isList(value) ? value : [undefined];
  return names.map((name) => {
    if (typeof name === 'string' && name !== '') return name;
    throw wrong(file, `the ${what} must be a list of names`);
  });
}

async function askHost(file: string, host: string, findings: Findings): Promise<Dict> {
  const output = await run(file, ['--host', host], findings);
  return output.trim() === '' ? new Map() : parse(output, file, `--host ${host}`);
}

/** What the script prints; what it says besides is a warning, as in Ansible. */
async function run(file: string, args: readonly string[], findings: Findings): Promise<string> {
  const command = [file, ...args].join(' ');
  const { error, stdout, stderr } = await execute(file, args);
  const said = stderr.trim();
  if (error) {
    const message = `the inventory script ${command} failed: ${said || error.message}`;
    throw new Fault('inventory-invalid', message, { where: { file }, hint: `run it to see: ${command}`, cause: error });
  }
  if (said !== '') findings.warn('inventory-invalid', `the inventory script ${command} says: ${said}`);
  return stdout;
}

function execute(file: string, args: readonly string[]): Promise<{ error?: Error; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(file, args, { maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ ...(error && { error }), stdout, stderr }),
    );
    child.stdin?.on('error', () => undefined).end();
  });
}

function parse(text: string, file: string, args: string): Dict {
  try {
    const value = readJson(text);
    if (isDict(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw wrong(file, `${args} printed no JSON mapping`);
}

function wrong(file: string, problem: string): Fault {
  return new Fault('inventory-invalid', `the inventory script ${file}: ${problem}`, {
    where: { file },
    hint: `run it to see: ${file} --list`,
  });
}
