/** Inventories from wherever they are: files, directories, executables, lists of hosts. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fault, type Findings } from '../fault.ts';
import { findSource, type Places } from './find-source.ts';
import { expandHosts, type HostNames } from './host-range.ts';
import { Inventory } from './inventory.ts';
import { readSource } from './read-source.ts';

export interface InventoryOptions extends Places {
  readonly findings: Findings;
}

/** No sources: only the implicit localhost, as in Ansible. Faults are collected; a source that is nowhere among them. */
export async function loadInventory(sources: readonly string[], options: InventoryOptions): Promise<Inventory> {
  const { findings, workingDirectory } = options;
  const inventory = new Inventory();
  for (const source of sources) {
    try {
      if (source.includes(',') && !existsSync(resolve(workingDirectory, source))) readList(source, inventory);
      else {
        const path = findSource(source, options);
        inventory.sources.push(path);
        await readSource(path, inventory, findings);
      }
    } catch (error) {
      findings.keep(error);
    }
  }
  inventory.reconcile();
  warn(sources, inventory, findings);
  return inventory;
}

/** `web1,web2:2222,`: hosts that an earlier source names are left as they are. */
function readList(source: string, inventory: Inventory): void {
  inventory.sources.push(source);
  for (const text of source.split(',').map((one) => one.trim())) {
    if (text === '') continue;
    const { names, port } = namesOf(text, source);
    for (const name of names.filter((one) => !inventory.hosts.has(one))) {
      inventory.ensureHost(name, source, port);
      inventory.addMember('ungrouped', name);
    }
  }
}

function namesOf(text: string, source: string): HostNames {
  try {
    return expandHosts(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Fault('inventory-invalid', `-i ${source}: ${error.message}`);
  }
}

function warn(sources: readonly string[], inventory: Inventory, findings: Findings): void {
  if (sources.length > 0 && inventory.hosts.size === 0 && findings.faults.length === 0) {
    const message = `the inventory ${sources.join(', ')} holds no hosts; only localhost is there`;
    findings.warn('inventory-empty', message);
  }
  const names = [...inventory.groups.keys()];
  const odd = names.filter((name) => /^[^\p{L}_]|[^\p{L}\p{N}_]/u.test(name));
  if (odd.length > 0) {
    const message = `Invalid characters were found in group names but not replaced: ${odd.join(', ')}`;
    const hint = `use letters, digits and _; in templates write groups['${odd[0]}']`;
    findings.warn('inventory-invalid', message, { hint });
  }
  for (const name of names.filter((one) => inventory.hosts.has(one))) {
    findings.warn('inventory-invalid', `Found both group and host with same name: ${name}`);
  }
}
