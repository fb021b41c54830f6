import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Session } from '../../src/connection/session.ts';
import { apply } from '../../src/module/apply.ts';
import { gather } from '../../src/module/facts/gather.ts';
import { openSession } from './local-host.ts';
import { availableShells } from './shells.ts';

type Facts = { readonly [name: string]: unknown };

const directory = mkdtempSync(join(tmpdir(), 'playbake-setup-'));
const hasAnsible = spawnSync('ansible', ['--version']).status === 0;

/** Facts that differ from one moment or process to the next, and Ansible's own Python. */
const PASSING =
  /^(date_time|env|loadavg|memfree_mb|memory_mb|mounts|uptime_seconds|discovered_|python|user_id|selinux)/;

const gatherHere = (session: Session, subset: readonly string[] = ['all']) =>
  gather(
    { apply: (steps) => apply(session, steps, { check: true, diff: false }) },
    { subset, factPath: directory, timeout: 5 },
  );

describe('setup', () => {
  after(() => rmSync(directory, { recursive: true }));

  for (const shell of availableShells(directory)) {
    it(`gathers facts in ${shell.name}, in check mode too`, async () => {
      writeFileSync(join(directory, 'plain.fact'), '[web]\nport=80\n');
      writeFileSync(join(directory, 'program.fact'), '#!/bin/sh\necho \'{"answer": 42}\'\n');
      chmodSync(join(directory, 'program.fact'), 0o755);
      const session = openSession(shell.path);
      try {
        const { facts, failed } = await gatherHere(session);
        expect(failed).to.equal(undefined);
        expect(facts['kernel']).to.equal(execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim());
        expect(facts['env']).to.include({ HOME: process.env['HOME'] });
        expect(facts['local']).to.deep.equal({ plain: { web: { port: '80' } }, program: { answer: 42 } });
        expect(facts).to.include.keys('distribution', 'default_ipv4', 'memtotal_mb', 'mounts', 'interfaces', 'devices');
      } finally {
        await session.close();
      }
    });
  }

  it('fails for a subset that nobody knows', async () => {
    const session = openSession('/bin/sh');
    const { failed } = await gatherHere(session, ['nonsense']);
    expect(failed).to.match(/^Bad subset 'nonsense'/);
    await session.close();
  });

  it('finds what Ansible finds', async function () {
    if (!hasAnsible) this.skip();
    const said = execFileSync('ansible', ['-i', 'here,', '-c', 'local', 'here', '-m', 'setup'], { encoding: 'utf8' });
    const theirs = plain((JSON.parse(said.slice(said.indexOf('{'))) as { ansible_facts: Facts }).ansible_facts);
    const session = openSession('/bin/sh');
    const ours = plain((await gatherHere(session, ['all', '!local'])).facts);
    await session.close();
    delete theirs['local'];
    // Where Python's own library is installed, Ansible takes Debian's minor version from it.
    if (String(theirs['distribution_version']).startsWith(`${ours['distribution_version']}.`))
      delete theirs['distribution_version'];
    expect(ours).to.deep.include(theirs);
  });
});

/**
 * Names without their prefix, and lists of names in order, because Ansible's are sets and directories. Links and addresses
 * of sandboxes are left out: their machines may come and go between two looks.
 */
function plain(facts: Facts): { [name: string]: unknown } {
  const kept = Object.entries(facts).map(([name, value]) => [name.replace(/^ansible_/, ''), sorted(value)] as const);
  return Object.fromEntries(
    kept.filter(([name]) => !PASSING.test(name) && !SANDBOX.test(name) && name !== 'gather_subset'),
  );
}

const SANDBOX = /^pb\d|^10\.77\.|^fe80:|^all_ipv6_addresses$/;

function sorted(value: unknown): unknown {
  const names = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return names ? value.filter((item) => !SANDBOX.test(item)).sort() : value;
}
