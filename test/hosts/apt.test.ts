import { expect } from 'chai';
import type { Plain, Result } from '../../src/module/module.ts';
import { Machine } from './machine.ts';

describe('apt on a real Debian machine', () => {
  let machine: Machine;
  const apt = (args: { readonly [name: string]: Plain }, check = false) => machine.task('apt', args, { check });
  const status = (name: string) => machine.sh(`dpkg-query -W -f '\${Status}' ${name} 2>/dev/null || true`);

  /** Foretold in check mode without a change on the host, then done, then found done. */
  async function thrice(args: { readonly [name: string]: Plain }): Promise<Result> {
    const before = await machine.sh('cat /var/lib/dpkg/status | sha256sum');
    expect(await apt(args, true)).to.include({ changed: true });
    expect(await machine.sh('cat /var/lib/dpkg/status | sha256sum')).to.equal(before);
    const done = await apt(args);
    expect(done, JSON.stringify(done)).to.include({ changed: true });
    expect(await apt(args)).to.include({ changed: false });
    return done;
  }

  before(async () => {
    machine = await Machine.start();
  });
  after(() => machine.stop());

  it('installs several packages at once, and removes and purges them', async () => {
    const done = await thrice({ name: ['tree', 'dma'] });
    expect(done['stdout']).to.include('Setting up tree');
    expect(done['cache_updated']).to.equal(false);
    expect(await status('tree')).to.equal('install ok installed');
    expect(await apt({ name: 'mail-transport-agent' })).to.include({ changed: false });
    await thrice({ name: 'dma', state: 'absent' });
    expect(await status('dma')).to.equal('deinstall ok config-files');
    expect(await apt({ name: 'dma', state: 'absent' })).to.include({ changed: false });
    await thrice({ name: 'dma', state: 'absent', purge: true, autoremove: true });
    expect(await status('dma')).to.equal('');
  });

  it('fails for what nobody offers, in Ansible’s words', async () => {
    for (const check of [true, false]) {
      const one = await apt({ name: ['tree', 'no-such-package'] }, check);
      expect(one).to.include({ failed: true, msg: "No package matching 'no-such-package' is available" });
    }
    const version = await apt({ name: 'jq=9*' });
    expect(version).to.include({ failed: true, msg: 'no available installation candidate for jq=9*' });
    expect(await apt({ name: 'nosuch*' })).to.include({
      failed: true,
      msg: "No package(s) matching 'nosuch*' available",
    });
    expect(await apt({ name: 'a=1=2' })).to.include({ failed: true, msg: 'invalid package spec: a=1=2' });
    expect(await apt({ name: 'no-such-package', state: 'absent' })).to.include({ changed: false });
  });

  it('knows versions, the latest and patterns', async () => {
    await thrice({ name: 'jq=1.6*' });
    expect(await apt({ name: 'jq>=1.5' })).to.include({ changed: false });
    expect(await apt({ name: 'jq>=7' })).to.include({ failed: true });
    expect(await apt({ name: 'jq', state: 'latest' })).to.include({ changed: false });
    expect(await apt({ name: 'bc', only_upgrade: true })).to.include({ changed: false });
    await thrice({ name: 'jq*', state: 'absent' });
    expect(await apt({ autoremove: true }, true)).to.include({ changed: true });
    expect(await apt({ autoremove: true })).to.include({ changed: true });
    expect(await apt({ autoremove: true })).to.include({ changed: false });
  });

  it('installs the version that was asked for, older ones only where that is allowed', async () => {
    const versions = (await machine.sh("apt-cache madison tzdata | awk '{print $3}'")).split('\n');
    const installed = await machine.sh("dpkg-query -W -f '${Version}' tzdata");
    const older = versions.find((version) => version !== installed);
    if (older === undefined) return;
    expect(await apt({ name: `tzdata=${older}` })).to.include({ failed: true });
    const down = await apt({ name: `tzdata=${older}`, allow_downgrade: true });
    expect(down, JSON.stringify(down)).to.include({ changed: true });
    await thrice({ name: 'tzdata', state: 'latest' });
  });

  it('fetches the lists only when they are old or missing', async () => {
    await machine.sh('touch -d @1 /var/lib/apt/lists');
    const fetched = await apt({ update_cache: true, cache_valid_time: 3600 });
    expect(fetched['cache_update_time']).to.be.a('number');
    await machine.sh('touch /var/lib/apt/lists');
    expect(await apt({ update_cache: true, cache_valid_time: 3600 })).to.include({
      changed: false,
      cache_updated: false,
    });
    expect(await apt({ update_cache: true }, true)).to.include({ changed: true, cache_updated: true });
    await machine.sh('rm -rf /var/lib/apt/lists/*');
    expect(await apt({ name: 'bc' }, true)).to.include({ changed: true });
    expect(await apt({ name: 'bc', update_cache: false })).to.include({ failed: true });
    const done = await apt({ name: 'bc' });
    expect(done, JSON.stringify(done)).to.include({ changed: true, cache_updated: true });
  });

  it('installs package files', async () => {
    await machine.sh('cd /tmp && apt-get download hello >/dev/null 2>&1');
    const file = await machine.sh('ls /tmp/hello_*.deb');
    await thrice({ deb: file });
    expect(await status('hello')).to.equal('install ok installed');
    expect(await apt({ deb: '/tmp/nothing.deb' })).to.include({ failed: true });
  });

  it('waits for another dpkg, keeps services down, and puts policy-rc.d back', async () => {
    const holder = machine.sh('flock /var/lib/dpkg/lock-frontend sleep 3');
    await new Promise((resolve) => setTimeout(resolve, 500));
    await machine.sh("printf '#!/bin/sh\\nexit 0\\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d");
    const done = await apt({ name: 'at', policy_rc_d: 101 });
    expect(done, JSON.stringify(done)).to.include({ changed: true });
    await holder;
    expect(await machine.sh('systemctl is-active atd || true')).to.equal('inactive');
    expect(await machine.sh('tail -n 1 /usr/sbin/policy-rc.d; rm /usr/sbin/policy-rc.d')).to.equal('exit 0');
  });

  it('upgrades all, cleans up and keeps what was asked for', async () => {
    expect(await apt({ upgrade: 'dist' })).to.not.include({ failed: true });
    expect(await apt({ upgrade: 'yes' })).to.include({ changed: false });
    expect(await apt({ clean: true })).to.include({ changed: true });
    expect(await apt({ autoclean: true })).to.include({ changed: false });
    await machine.sh('apt-mark auto tree');
    expect(await apt({ name: 'tree' })).to.include({ changed: false });
    expect(await machine.sh('apt-mark showauto tree')).to.equal('');
  });
});
