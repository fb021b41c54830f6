import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Findings } from '../../src/fault.ts';
import type { Inventory } from '../../src/inventory/inventory.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { selectHosts } from '../../src/inventory/select.ts';
import { hostVariables } from '../../src/inventory/vars.ts';
import { type Plain, toPlain } from '../../src/value/value.ts';

const CASES = join(import.meta.dirname, 'cases');

interface Recorded {
  readonly hostvars: { readonly [host: string]: Plain };
  readonly selected: { readonly [pattern: string]: readonly string[] };
}
const recorded: { readonly [name: string]: Recorded } = JSON.parse(readFileSync(join(CASES, 'recorded.json'), 'utf8'));

async function load(name: string): Promise<Inventory> {
  const findings = new Findings();
  const inventory = await loadInventory([join(CASES, name)], { workingDirectory: CASES, findings });
  expect(findings.faults.map((fault) => fault.message)).to.deep.equal([]);
  return inventory;
}

for (const [name, { hostvars, selected }] of Object.entries(recorded)) {
  describe(`the inventory ${name}`, () => {
    it('gives each host the variables that Ansible gives it', async () => {
      const inventory = await load(name);
      const ours: Record<string, Plain> = {};
      for (const host of inventory.hosts.keys()) {
        const vars = toPlain(hostVariables(inventory, host, { findings: new Findings() }));
        if (Object.keys(vars as object).length > 0) ours[host] = vars;
      }
      expect(ours).to.deep.equal(hostvars);
    });

    for (const [pattern, hosts] of Object.entries(selected)) {
      it(`selects what Ansible selects by ${pattern}`, async () => {
        expect(selectHosts(await load(name), pattern)).to.deep.equal(hosts);
      });
    }
  });
}
