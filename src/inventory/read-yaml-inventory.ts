/** YAML inventories: groups with `hosts`, `vars` and `children`. */

import type { Findings } from '../fault.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';
import { expandHosts, splitPort } from './host-range.ts';
import type { Inventory } from './inventory.ts';

export function readYamlInventory(document: Value, file: string, inventory: Inventory, findings: Findings): void {
  if (!isDict(document)) {
    findings.fault('inventory-invalid', 'a YAML inventory must be a mapping of groups', {
      where: whereOf(document) ?? { file, line: 1, column: 1 },
      hint: 'begin with  all:  and  hosts:  below it',
    });
    return;
  }
  if (document.has('plugin')) {
    findings.fault(
      'inventory-invalid',
      `playbake does not have the inventory plugin ${String(document.get('plugin'))}`,
      {
        where: whereOf(document, 'plugin'),
        hint: 'give a static inventory, or an executable that prints one',
      },
    );
    return;
  }
  for (const [name, group] of document) readGroup(String(name), group, { document, file, inventory, findings });
}

interface Reading {
  readonly document: Dict;
  readonly file: string;
  readonly inventory: Inventory;
  readonly findings: Findings;
}

const KEYS: ReadonlySet<Value> = new Set(['hosts', 'vars', 'children']);

function readGroup(name: string, value: Value, reading: Reading): void {
  const { inventory, findings, document } = reading;
  const group = inventory.ensureGroup(name);
  if (value === null) return;
  if (!isDict(value)) {
    findings.fault('inventory-invalid', `the group '${name}' must be a mapping with hosts, vars or children`, {
      where: whereOf(document, name) ?? whereOf(document),
    });
    return;
  }
  for (const key of value.keys()) {
    if (KEYS.has(key)) continue;
    findings.warn(
      'inventory-invalid',
      `the key '${String(key)}' in group '${name}' is none of hosts, vars, children; it is ignored`,
      {
        where: whereOf(value, key, 'key'),
      },
    );
  }
  for (const [key, item] of section(value, 'vars', findings)) group.vars.set(key, item);
  for (const [child, item] of section(value, 'children', findings)) {
    readGroup(String(child), item, reading);
    if (!inventory.addChild(name, String(child))) {
      findings.fault(
        'inventory-invalid',
        `can't add group '${String(child)}' as a child of '${name}': that would be a cycle`,
        {
          where: whereOf(value.get('children'), child, 'key'),
        },
      );
    }
  }
  readHosts(name, value, reading);
}

function readHosts(name: string, group: Dict, { inventory, findings, file }: Reading): void {
  const hosts = section(group, 'hosts', findings);
  for (const [pattern, vars] of hosts) {
    const { name: range, port } = splitPort(String(pattern));
    for (const host of expand(range, hosts, pattern, findings)) {
      const entry = inventory.ensureHost(host, file);
      inventory.ensureGroup(name).hosts.add(host);
      if (port !== undefined) entry.vars.set('ansible_port', port);
      if (isDict(vars)) for (const [key, value] of vars) entry.vars.set(key, value);
      else if (vars !== null) {
        findings.fault('inventory-invalid', `the variables of host '${host}' must be a mapping`, {
          where: whereOf(hosts, pattern),
        });
      }
    }
  }
}

function expand(range: string, hosts: Dict, pattern: Value, findings: Findings): readonly string[] {
  try {
    return expandHosts(range);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    findings.fault('inventory-invalid', error.message, { where: whereOf(hosts, pattern, 'key') });
    return [];
  }
}

/** A part of a group; a lone name or a list of names stands for names without variables. */
function section(group: Dict, key: string, findings: Findings): Dict {
  const value = group.get(key);
  if (value === undefined || value === null) return new Map();
  if (isDict(value)) return value;
  if (typeof value === 'string' && key !== 'vars') return new Map([[value, null]]);
  findings.fault('inventory-invalid', `'${key}' must be a mapping${isList(value) ? ', not a list' : ''}`, {
    where: whereOf(group, key),
    hint: key === 'vars' ? undefined : 'write each name as a key:  web1:',
  });
  return new Map();
}
