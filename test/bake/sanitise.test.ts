import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Sanitised, type SanitiseOptions, sanitise, sanitisedLine } from '../../src/bake/sanitise.ts';
import type { Session } from '../../src/connection/session.ts';
import { apply } from '../../src/module/apply.ts';
import { openSession } from '../modules/local-host.ts';
import { availableShells } from '../modules/shells.ts';
import { rejected } from '../support/rejected.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { BAKE_KEY, disk, type Files, OTHER_KEY, program, WORN } from './disk.ts';

/** Every file and link below a directory, as a machine of which it is the disk names them. */
function paths(root: string): string[] {
  const found = execFileSync('find', [root, '-mindepth', '1', '!', '-type', 'd', '-printf', '/%P\\0'], {
    encoding: 'utf8',
  });
  return found.split('\0').filter(Boolean).sort();
}

describe('sanitising a disk', () => {
  const directory = temporaryDirectory();
  let sessions: { name: string; session: Session }[] = [];
  before(() => {
    sessions = availableShells(directory()).map(({ name, path }) => ({ name, session: openSession(path) }));
  });
  after(() => Promise.all(sessions.map(({ session }) => session.close())));

  /** Cleans a disk with these files in every shell there is; `look` judges each. */
  async function everywhere(
    files: Files,
    options: SanitiseOptions,
    look: (root: string, done: readonly Sanitised[]) => void,
    prepare: (root: string) => void = () => undefined,
  ): Promise<void> {
    expect(sessions).not.to.be.empty;
    for (const { name, session } of sessions) {
      const root = disk(directory(), files);
      prepare(root);
      const done = await sanitise((steps) => apply(session, steps, { check: false, diff: false }), {
        ...options,
        root,
      });
      try {
        look(root, done);
      } catch (error) {
        if (error instanceof Error) error.message = `${name}: ${error.message}`;
        throw error;
      }
    }
  }

  it('leaves nothing of the build, and all that is not of it', () =>
    everywhere(WORN, { publicKey: BAKE_KEY }, (root, done) => {
      expect(paths(root)).to.deep.equal([
        '/etc/hostname',
        '/etc/machine-id',
        '/etc/passwd',
        '/etc/ssh/sshd_config',
        '/home/ann lee/.ssh/authorized_keys',
        '/home/ann lee/notes.txt',
        '/srv/app/data dir/cache.bin',
        '/srv/app/data dir/kept.txt',
        '/tmp/.pb-0123/o',
        '/var/lib/cloud/seed/keep',
        '/var/log/app/empty.log',
        '/var/log/apt/history.log',
        '/var/log/syslog',
      ]);
      expect(readFileSync(join(root, 'home/ann lee/.ssh/authorized_keys'), 'utf8')).to.equal(`${OTHER_KEY}\n`);
      for (const file of ['etc/machine-id', 'var/log/syslog', 'var/log/apt/history.log']) {
        expect(statSync(join(root, file)).size, file).to.equal(0);
      }
      expect(done.map(({ name, paths }) => [name, paths.length])).to.deep.equal([
        ['bake-key', 2],
        ['host-keys', 2],
        ['machine-id', 2],
        ['cloud-init', 2],
        ['histories', 2],
        ['package-caches', 4],
        ['leases', 1],
        ['jobs', 1],
        ['first-boot', 1],
        ['temporary', 3],
        ['random-seed', 1],
        ['logs', 6],
      ]);
      expect(done.find(({ name }) => name === 'host-keys')?.paths).to.deep.equal([
        '/etc/ssh/ssh_host_rsa_key',
        '/etc/ssh/ssh_host_rsa_key.pub',
      ]);
    }));

  it('finds nothing to do the second time', async () => {
    for (const { session } of sessions) {
      const root = disk(directory(), WORN);
      const clean = () => sanitise((steps) => apply(session, steps, { check: false, diff: false }), { root });
      expect((await clean()).flatMap((one) => one.paths)).not.to.be.empty;
      expect((await clean()).flatMap((one) => one.paths)).to.deep.equal([]);
    }
  });

  it('removes the paths of the config, with blanks in their names, and what matches them', () =>
    everywhere(WORN, { paths: ['/srv/app/data dir/*.bin', '/home/ann lee/n?tes.txt'] }, (root, done) => {
      expect(existsSync(join(root, 'srv/app/data dir/cache.bin'))).to.equal(false);
      expect(existsSync(join(root, 'srv/app/data dir/kept.txt'))).to.equal(true);
      expect(done.find(({ name }) => name === 'paths')?.paths).to.deep.equal([
        '/srv/app/data dir/cache.bin',
        '/home/ann lee/notes.txt',
      ]);
    }));

  it('keeps items and paths that are named, also inside what goes', () =>
    everywhere(
      { ...WORN, 'tmp/build/keep/a': 'x', 'tmp/build/b': 'x' },
      { keep: ['package-caches', '/tmp/build/keep', '/var/log/app-*', '/root/.bash_history'] },
      (root, done) => {
        const left = paths(root);
        expect(left).to.include.members(['/tmp/build/keep/a', '/var/log/app-20260101', '/root/.bash_history']);
        expect(left).to.include('/var/lib/apt/lists/deb.example_dists_main');
        expect(left).not.to.include('/tmp/build/b');
        expect(left).not.to.include('/tmp/left over');
        expect(done.map(({ name }) => name)).not.to.include('package-caches');
      },
    ));

  it('keeps owner and mode of what it empties or edits, and follows no link out of the disk', () =>
    everywhere(
      { ...WORN, 'outside/secret.log': 'mine', 'var/log/link.log': '-> ../../outside/secret.log' },
      { publicKey: BAKE_KEY },
      (root) => {
        expect(statSync(join(root, 'home/ann lee/.ssh/authorized_keys')).mode & 0o777).to.equal(0o600);
        expect(statSync(join(root, 'var/log/syslog')).mode & 0o777).to.equal(0o640);
        expect(readFileSync(join(root, 'outside/secret.log'), 'utf8')).to.equal('mine');
      },
      (root) => {
        execFileSync('chmod', ['600', join(root, 'home/ann lee/.ssh/authorized_keys')]);
        execFileSync('chmod', ['640', join(root, 'var/log/syslog')]);
      },
    ));

  it('gives a machine that nothing else makes host keys on a unit that does', () =>
    everywhere(
      WORN,
      {},
      (root, done) => {
        const unit = join(root, 'etc/systemd/system/playbake-host-keys.service');
        expect(readFileSync(unit, 'utf8')).to.include('ExecStart=/usr/bin/ssh-keygen -A');
        const link = join(root, 'etc/systemd/system/multi-user.target.wants/playbake-host-keys.service');
        expect(lstatSync(link).isSymbolicLink()).to.equal(true);
        expect(statSync(link).isFile()).to.equal(true);
        expect(done[0]?.paths).to.include('/etc/systemd/system/playbake-host-keys.service');
      },
      withSshd,
    ));

  it('leaves the making of host keys to cloud-init where it is there', () =>
    everywhere(
      WORN,
      {},
      (root) => expect(existsSync(join(root, 'etc/systemd/system/playbake-host-keys.service'))).to.equal(false),
      (root) => {
        withSshd(root);
        program(root, 'usr/bin/cloud-init');
      },
    ));

  it('says what it cannot remove', async function () {
    const [first] = sessions;
    if (!first || process.getuid?.() !== 0) return this.skip();
    const root = disk(directory(), WORN);
    const locked = join(root, 'root/.bash_history');
    try {
      execFileSync('chattr', ['+i', locked], { stdio: 'ignore' });
    } catch {
      return this.skip();
    }
    try {
      const done = sanitise((steps) => apply(first.session, steps, { check: false, diff: false }), { root });
      const { message } = await rejected(done, 'sanitise-failed');
      expect(message).to.include('histories: ').and.to.include('.bash_history cannot be removed');
    } finally {
      execFileSync('chattr', ['-i', locked]);
    }
  });

  it('refuses settings that mean everything, or nothing', async () => {
    const never = () => Promise.reject(new Error('nothing may run'));
    for (const path of ['/', '/*', 'tmp/x', '/srv/../etc', '/a\nb', '']) {
      await rejected(sanitise(never, { paths: [path] }), 'config-invalid');
    }
    const { hint } = await rejected(sanitise(never, { keep: ['log'] }), 'config-invalid');
    expect(hint).to.include('logs');
  });

  it('tells each item in a line', () => {
    const item = { name: 'x', title: 'SSH host keys' };
    expect(sanitisedLine({ ...item, paths: [] })).to.equal('SSH host keys: nothing there');
    expect(sanitisedLine({ ...item, paths: ['/a'] })).to.equal('SSH host keys: /a');
    expect(sanitisedLine({ ...item, paths: ['/a', '/b'] })).to.equal('SSH host keys: 2 paths (/a …)');
  });
});

function withSshd(root: string): void {
  program(root, 'usr/bin/ssh-keygen');
  program(root, 'usr/sbin/sshd');
  program(root, 'etc/systemd/system/some.service');
  writeFileSync(join(root, 'etc/systemd/system/some.service'), '');
}
