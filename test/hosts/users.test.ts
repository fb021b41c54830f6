import { expect } from 'chai';
import type { Plain, Result } from '../../src/module/module.ts';
import { Machine } from './machine.ts';

type Args = { readonly [name: string]: Plain };

/** A real SHA-512 hash of "secret". */
const HASH = '$6$saltsalt$3K2Ap5pEcFNsVPQpKz5Sh6XQ1JYLvHuyeqLJ3PFmLSrqyKdmwUiXMi4jXSQbwrBWwpuVpbWBJiOYOmMYjhgIb0';

describe('users, groups and Python packages on a real Debian machine', () => {
  let machine: Machine;

  /** Foretold in check mode without a change, then done, then found done. */
  async function thrice(module: string, args: Args): Promise<Result> {
    const look = () => machine.sh('cat /etc/passwd /etc/group /etc/shadow | sha256sum');
    const before = await look();
    expect(await machine.task(module, args, { check: true }), 'check').to.include({ changed: true });
    expect(await look(), 'check mode changed something').to.equal(before);
    const done = await machine.task(module, args);
    expect(done, JSON.stringify(done)).to.include({ changed: true });
    const again = await machine.task(module, args);
    expect(again, JSON.stringify(again)).to.include({ changed: false });
    return done;
  }

  before(async () => {
    machine = await Machine.start();
  });
  after(() => machine.stop());

  it('makes, changes and removes groups', async () => {
    expect(await thrice('group', { name: 'crew', gid: 4000 })).to.include({
      name: 'crew',
      state: 'present',
      gid: 4000,
    });
    await thrice('group', { name: 'crew', gid: 4001 });
    expect(await machine.sh('getent group crew')).to.equal('crew:x:4001:');
    await thrice('group', { name: 'sys-crew', system: true });
    expect(Number(await machine.sh('getent group sys-crew | cut -d: -f3'))).to.be.below(1000);
    await thrice('group', { name: 'crew', state: 'absent' });
    expect(await machine.sh('getent group crew || echo none')).to.equal('none');
  });

  it('makes a user as it was asked for', async () => {
    const args = {
      name: 'ann',
      uid: 5000,
      groups: ['adm', 'games'],
      comment: 'Ann, of the crew',
      home: '/srv/ann',
      shell: '/bin/bash',
      password: HASH,
      generate_ssh_key: true,
      ssh_key_type: 'ed25519',
    };
    const made = await thrice('user', args);
    expect(made).to.include({ name: 'ann', uid: 5000, home: '/srv/ann', shell: '/bin/bash', state: 'present' });
    expect(made['password']).to.equal('NOT_LOGGING_PASSWORD');
    expect(made['ssh_key_file']).to.equal('/srv/ann/.ssh/id_ed25519');
    expect(made['ssh_public_key']).to.match(/^ssh-ed25519 /);
    expect(await machine.sh('stat -c "%U %a" /srv/ann/.ssh /srv/ann/.ssh/id_ed25519')).to.equal('ann 700\nann 600');
    expect(await machine.sh('getent passwd ann')).to.equal('ann:x:5000:5000:Ann, of the crew:/srv/ann:/bin/bash');
    expect(await machine.sh('getent shadow ann | cut -d: -f2')).to.equal(HASH);
    expect(await machine.sh('id -Gn ann')).to.equal('ann adm games');
  });

  it('changes a user only where it differs', async () => {
    await thrice('user', { name: 'ann', groups: 'users', append: true });
    expect(await machine.sh('id -Gn ann | tr " " "\\n" | sort | tr "\\n" " "')).to.equal('adm ann games users');
    await thrice('user', { name: 'ann', groups: ['adm'] });
    expect(await machine.sh('id -Gn ann')).to.equal('ann adm');
    await thrice('user', { name: 'ann', groups: [] });
    expect(await machine.sh('id -Gn ann')).to.equal('ann');
    await thrice('user', { name: 'ann', shell: '/bin/sh', comment: 'Ann', group: 'games' });
    expect(await machine.sh('getent passwd ann')).to.equal('ann:x:5000:60:Ann:/srv/ann:/bin/sh');
    await thrice('user', { name: 'ann', expires: 1893456000 });
    await thrice('user', { name: 'ann', expires: -1 });
    await thrice('user', { name: 'ann', password_lock: true });
    expect(await machine.sh('getent shadow ann | cut -d: -f2')).to.equal(`!${HASH}`);
    await thrice('user', { name: 'ann', password_lock: false });
    const kept = await machine.task('user', { name: 'ann', password: '$6$x$y', update_password: 'on_create' });
    expect(kept).to.include({ changed: false });
    await thrice('user', { name: 'ann', home: '/srv/anna', move_home: true });
    expect(await machine.sh('ls -d /srv/anna/.ssh; ls -d /srv/ann 2>/dev/null || echo gone')).to.equal(
      '/srv/anna/.ssh\ngone',
    );
    await thrice('user', { name: 'ann', state: 'absent', remove: true });
    expect(await machine.sh('ls -d /srv/anna 2>/dev/null || echo gone')).to.equal('gone');
  });

  it('makes system users, users without a home, users of one number', async () => {
    await thrice('user', { name: 'daemon1', system: true, create_home: false, shell: '/usr/sbin/nologin' });
    expect(Number(await machine.sh('id -u daemon1'))).to.be.below(1000);
    expect(await machine.sh('ls -d /home/daemon1 2>/dev/null || echo none')).to.equal('none');
    await machine.task('group', { name: 'bob' });
    await thrice('user', { name: 'bob' });
    // as in Ansible: useradd -N, where a group of that name is there
    expect(await machine.sh('id -gn bob')).to.equal('users');
    await thrice('user', { name: 'bob2', uid: Number(await machine.sh('id -u bob')), non_unique: true });
    const taken = await machine.task('user', { name: 'bob3', uid: 0 });
    expect(taken).to.include({ failed: true });
    expect(String(taken.msg)).to.include('not unique');
    expect((await machine.task('user', { name: 'bob4', group: 'no-such-group' })).failed).to.equal(true);
  });

  it('says what to do where Python is managed or not complete', async () => {
    const bare = await machine.task('pip', { name: 'flask' });
    expect(bare).to.include({ failed: true });
    expect(String(bare.msg)).to.match(/python3-pip/);
    const venv = await machine.task('pip', { name: 'flask', virtualenv: '/opt/early' });
    expect(venv).to.include({ failed: true });
    expect(String(venv.msg)).to.match(/python3-venv/);
    const packages = { name: ['python3-pip', 'python3-venv'] };
    expect(await machine.task('package', packages)).to.include({ changed: true });
    const managed = await machine.task('pip', { name: 'flask' });
    expect(managed).to.include({ failed: true });
    expect(String(managed.msg))
      .to.match(/PEP 668/)
      .and.to.match(/--break-system-packages/);
  });

  it('installs into a virtual environment and into the system', async () => {
    const pip = (args: Args, check = false) => machine.task('pip', args, { check });
    const flask = { name: 'flask', virtualenv: '/opt/app' };
    expect(await pip(flask, true)).to.include({ changed: true });
    expect(await machine.sh('ls -d /opt/app 2>/dev/null || echo none')).to.equal('none');
    const done = await pip(flask);
    expect(done, JSON.stringify(done)).to.include({ changed: true, virtualenv: '/opt/app', state: 'present' });
    expect(await pip(flask)).to.include({ changed: false });
    expect(await pip({ ...flask, name: 'Flask' }, true)).to.include({ changed: false });
    const old = { virtualenv: '/opt/app', name: 'click', version: '8.1.3' };
    expect(await pip(old, true)).to.include({ changed: true });
    expect(await pip(old)).to.include({ changed: true });
    expect(await pip(old)).to.include({ changed: false });
    const range = { virtualenv: '/opt/app', name: ['click>=8,<9', 'flask'] };
    expect(await pip(range, true)).to.include({ changed: false });
    expect(await pip(range)).to.include({ changed: false });
    expect(await pip({ virtualenv: '/opt/app', name: 'click', state: 'latest' })).to.include({ changed: true });
    await machine.sh('echo itsdangerous >/tmp/requirements.txt');
    const file = { virtualenv: '/opt/app', requirements: '/tmp/requirements.txt' };
    expect(await pip(file)).to.include({ changed: false });
    expect(await pip({ ...file, state: 'absent' })).to.include({ changed: true });
    expect(await pip({ ...file, state: 'absent' })).to.include({ changed: false });
    expect(await pip(file, true)).to.include({ changed: true });
    expect(await pip(file)).to.include({ changed: true });
    const system = { name: 'itsdangerous', extra_args: '--break-system-packages' };
    expect(await pip(system, true)).to.include({ changed: true });
    expect(await pip(system)).to.include({ changed: true });
    expect(await pip(system)).to.include({ changed: false });
    expect(await pip({ ...system, state: 'absent' })).to.include({ changed: true });
    expect(await pip({ ...system, state: 'absent' })).to.include({ changed: false });
    expect(await pip({ name: 'no-such-package-anywhere-1', virtualenv: '/opt/app' })).to.include({ failed: true });
  });
});
