/** Executable inventories: `--list` prints groups as JSON, `--host NAME` one host's variables. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Fault, type Findings } from '../fault.ts';
import { type Dict, fromPlain, isDict, isList, type Value } from '../value/value.ts';
import type { Inventory } from './inventory.ts';

const execute = promisify(execFile);

export async function readScript(file: string, inventory: Inventory, findings: Findings): Promise<void> {
  const groups = await call(file, ['--list']);
  const meta = groups.get('_meta');
  const hostvars = isDict(meta) ? meta.get('hostvars') : undefined;
  for (const [name, group] of groups) {
    if (name !== '_meta') readGroup(String(name), group, file, inventory, findings);
  }
  for (const host of inventory.hosts.values()) {
    if (host.source !== file) continue;
    const vars = isDict(hostvars)
      ? hostvars.get(host.name)
      : isDict(meta)
        ? undefined
        : await call(file, ['--host', host.name]);
    if (isDict(vars)) for (const [key, value] of vars) inventory.ensureHost(host.name, file).vars.set(key, value);
  }
}

function readGroup(name: string, value: Value, file: string, inventory: Inventory, findings: Findings): void {
  const group = inventory.ensureGroup(name);
  const hosts = isList(value) ? value : isDict(value) ? value.get('hosts') : undefined;
  for (const host of isList(hosts) ? hosts : []) {
    inventory.ensureHost(String(host), file);
    group.hosts.add(String(host));
  }
  if (!isDict(value)) return;
  const vars = value.get('vars');
  if (isDict(vars)) for (const [key, item] of vars) group.vars.set(key, item);
  const children = value.get('children');
  for (const child of isList(children) ? children : []) {
    if (inventory.addChild(name, String(child))) continue;
    findings.fault('inventory-invalid', `${file}: the group '${String(child)}' is its own ancestor`);
  }
}

async function call(file: string, args: readonly string[]): Promise<Dict> {
  let output: string;
  try {
    output = (await execute(file, args, { maxBuffer: 256 * 1024 * 1024 })).stdout;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Fault(
      'inventory-invalid',
      `the inventory script ${file} ${args.join(' ')} failed${said ? `: ${said}` : ''}`,
      { cause: error },
    );
  }
  try {
    const value = fromPlain(JSON.parse(output));
    if (isDict(value)) return value;
  } catch {
    // Said below: what was printed is not JSON.
  }
  throw new Fault('inventory-invalid', `the inventory script ${file} ${args.join(' ')} printed no JSON mapping`, {
    hint: `run it to see: ${file} ${args.join(' ')}`,
  });
}
