/** YAML inventories: groups with `hosts`, `vars` and `children`. */

import { Fault, type Findings } from '../fault.ts';
import { inherit, whereOf } from '../value/source.ts';
import { str } from '../value/text.ts';
import { type Dict, isDict, type Value } from '../value/value.ts';
import { checkShape } from './check-shape.ts';
import { expandHosts, type HostNames } from './host-range.ts';
import type { Inventory } from './inventory.ts';

/** Every fault of the file goes to the findings, with its line and column. */
export function readYamlInventory(document: Value, file: string, inventory: Inventory, findings: Findings): void {
  if (isDict(document) && document.get('plugin')) {
    const message = `playbake does not have the inventory plugin ${String(document.get('plugin'))}`;
    const hint = 'give a static inventory, or an executable that prints one';
    findings.fault('inventory-invalid', message, { where: whereOf(document, 'plugin'), hint });
    return;
  }
  if (checkShape(document, findings) && isDict(document)) {
    for (const name of document.keys()) readGroup(name, document, { file, inventory, findings });
  }
}

interface Reading {
  readonly file: string;
  readonly inventory: Inventory;
  readonly findings: Findings;
}

/** The parts of a group are read in the order in which they are written: so do hosts come to stand, as in Ansible. */
function readGroup(name: Value, holder: Dict, reading: Reading): void {
  const { inventory, findings } = reading;
  if (typeof name !== 'string' || name === '') {
    fault(findings, `Invalid group name supplied, expected a string but got ${str(name)}`, holder, name, 'quote it');
    return;
  }
  inventory.ensureGroup(name);
  const group = holder.get(name);
  if (!isDict(group)) return;
  for (const key of group.keys()) {
    const part = section(group, key);
    if (part.size === 0) continue;
    if (key === 'vars') findings.collect(() => inventory.addVars(name, part));
    else if (key === 'hosts') for (const pattern of part.keys()) readHost(pattern, part, name, reading);
    else if (key === 'children') for (const child of part.keys()) readChild(child, part, name, reading);
  }
}

function readChild(child: Value, children: Dict, group: string, reading: Reading): void {
  readGroup(child, children, reading);
  if (typeof child !== 'string' || child === '') return;
  try {
    reading.inventory.addChild(group, child);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault(reading.findings, error.message, children, child, error.hint);
  }
}

function readHost(pattern: Value, hosts: Dict, group: string, { file, inventory, findings }: Reading): void {
  const { names, port } = expand(pattern, hosts, findings);
  const vars = hosts.get(pattern);
  for (const name of names) {
    inventory.ensureHost(name, file, port);
    inventory.addMember(group, name);
    if (isDict(vars)) findings.collect(() => inventory.addVars(name, vars));
  }
}

function expand(pattern: Value, hosts: Dict, findings: Findings): HostNames {
  if (typeof pattern !== 'string') {
    fault(findings, `Host pattern ${str(pattern)} must be a string`, hosts, pattern, 'quote it');
    return { names: [] };
  }
  try {
    return expandHosts(pattern);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    fault(findings, error.message, hosts, pattern);
    return { names: [] };
  }
}

/** A part of a group; a lone name stands for itself without a value. */
function section(group: Dict, key: Value): Dict {
  const value = group.get(key);
  if (isDict(value)) return value;
  return typeof value === 'string' ? inherit(new Map([[value, null]]), group) : new Map();
}

function fault(findings: Findings, message: string, holder: Dict, key: Value, hint?: string): void {
  findings.fault('inventory-invalid', message, { where: whereOf(holder, key, 'key'), hint });
}
