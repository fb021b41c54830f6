import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { secretNeedle } from '../../src/bake/clean/secret-needle.ts';
import { type Apply, sanitise } from '../../src/bake/sanitise.ts';
import { type Scanned, type ScanOptions, scan, scanFault } from '../../src/bake/scan.ts';
import type { Session } from '../../src/connection/session.ts';
import { apply } from '../../src/module/apply.ts';
import { openSession } from '../modules/local-host.ts';
import { availableShells } from '../modules/shells.ts';
import { rejected } from '../support/rejected.ts';
import { openShellHost } from '../support/shell-host.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { BAKE_KEY, disk, type Files, PRIVATE_KEY, WORN } from './disk.ts';

const KEY = PRIVATE_KEY.toString();
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

describe('scanning a disk', () => {
  const directory = temporaryDirectory();
  let sessions: { name: string; session: Session }[] = [];
  before(() => {
    sessions = availableShells(directory()).map(({ name, path }) => ({ name, session: openSession(path) }));
  });
  after(() => Promise.all(sessions.map(({ session }) => session.close())));

  const applyIn =
    (session: Session): Apply =>
    (steps) =>
      apply(session, steps, { check: false, diff: false });

  /** The same findings from every shell there is: `kind path`. */
  async function found(files: Files, options: ScanOptions = {}): Promise<readonly string[]> {
    return (await scanned(files, options)).findings.map(({ kind, path }) => `${kind} ${path}`);
  }

  async function scanned(files: Files, options: ScanOptions = {}): Promise<Scanned> {
    const root = disk(directory(), files);
    const all = new Map<string, Scanned>();
    for (const { name, session } of sessions) all.set(name, await scan(applyIn(session), { ...options, root }));
    const [first, ...others] = all.values();
    for (const other of others) expect(other).to.deep.equal(first);
    if (!first) throw new Error('there is no shell');
    return first;
  }

  it('finds all that a worn machine has, each with its path', async () => {
    expect(await found(WORN, { publicKey: BAKE_KEY })).to.deep.equal(
      [
        'host-key /etc/ssh/ssh_host_rsa_key',
        'machine-id /etc/machine-id',
        'bake-key /home/ann lee/.ssh/authorized_keys',
        'history /home/ann lee/.python_history',
        'bake-key /root/.ssh/authorized_keys',
        'history /root/.bash_history',
        'machine-id /var/lib/dbus/machine-id',
      ].sort((a, b) => (a.split(' /')[1]! < b.split(' /')[1]! ? -1 : 1)),
    );
  });

  it('finds nothing after it was sanitised', async () => {
    for (const { session } of sessions) {
      const root = disk(directory(), WORN);
      await sanitise(applyIn(session), { root, publicKey: BAKE_KEY });
      expect((await scan(applyIn(session), { root, publicKey: BAKE_KEY })).findings).to.deep.equal([]);
    }
  });

  it('finds private keys in every form, and no text that only speaks of them', async () => {
    const { privateKey } = (await import('node:crypto')).generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const sec1 = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    const encrypted = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AB\n\n${KEY.split('\n').slice(1).join('\n')}`;
    const openssh = `-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3BlbnNzaC1rZXktdjEAAAAA'.repeat(3).slice(0, 70)}\n-----END OPENSSH PRIVATE KEY-----\n`;
    expect(
      await found({
        'srv/a b/pkcs8.pem': KEY,
        'srv/sec1.key': sec1,
        'srv/encrypted.pem': encrypted,
        'srv/openssh': openssh,
        'srv/crlf.pem': KEY.replaceAll('\n', '\r\n'),
        'srv/values.yml': `tls:\n  key: |\n${KEY.replace(/^/gm, '    ')}`,
        'srv/values.json': JSON.stringify({ key: KEY }, null, 2),
        'srv/putty.ppk': 'PuTTY-User-Key-File-3: ssh-ed25519\n',
        'srv/disk.tar': `\0\0${'x'.repeat(300)}\n${KEY}\0\0`,
        'usr/bin/tool': '\x7fELF\0-----BEGIN RSA PRIVATE KEY-----\0-----BEGIN PRIVATE KEY-----\n\0more\n',
        'usr/share/doc/howto.txt':
          'begins with -----BEGIN RSA PRIVATE KEY-----\nand ends with\n-----END RSA PRIVATE KEY-----\n',
        'etc/cert.pem': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
      }),
    ).to.deep.equal([
      'private-key /srv/a b/pkcs8.pem',
      'private-key /srv/crlf.pem',
      'private-key /srv/disk.tar',
      'private-key /srv/encrypted.pem',
      'private-key /srv/openssh',
      'private-key /srv/putty.ppk',
      'private-key /srv/sec1.key',
      'private-key /srv/values.json',
      'private-key /srv/values.yml',
    ]);
  });

  it('lets pass keys that tasks put, and those that a package ships unchanged', async () => {
    const files = {
      'etc/app/tls[1].key': KEY,
      'etc/app/tls1.key': KEY,
      'usr/share/x/test.pem': KEY,
      'usr/share/x/changed.pem': `${KEY}\n`,
      'usr/lib/y/old-place.pem': KEY,
      'var/lib/dpkg/info/x.list': '/.\n/usr\n/usr/share/x\n/usr/share/x/test.pem\n/usr/share/x/changed.pem\n',
      'var/lib/dpkg/info/x.md5sums': `${md5(KEY)}  usr/share/x/test.pem\n${md5(KEY)}  usr/share/x/changed.pem\n`,
      'var/lib/dpkg/info/y:amd64.list': '/lib/y/old-place.pem\n',
      'var/lib/dpkg/info/y:amd64.md5sums': `${md5(KEY)}  lib/y/old-place.pem\n`,
    };
    expect(await found(files, { put: ['/etc/app/tls[1].key'] })).to.deep.equal([
      'private-key /etc/app/tls1.key',
      'private-key /usr/share/x/changed.pem',
    ]);
  });

  it('finds secrets in any file, also where they hold what is special to a shell or to grep', async () => {
    const secrets = new Set([`it's $HOME "and" \\more.*`, 'two\nlines, of which this one', 'short', KEY]);
    const { findings, unsearched } = await scanned(
      {
        'etc/app.conf': `password=it's $HOME "and" \\more.*\n`,
        'var/lib/db.bin': `\0\0lines, of which this one\0`,
        'etc/other.conf': 'password=its $HOME and more\nshort\ntwo\n',
        'etc/key.txt': KEY.split('\n')[3] ?? '',
        'usr/share/doc/keys.txt': '-----BEGIN PRIVATE KEY-----\n',
        empty: '',
      },
      { secrets },
    );
    expect(findings.map(({ kind, path }) => `${kind} ${path}`)).to.deep.equal([
      'secret /etc/app.conf',
      'secret /var/lib/db.bin',
    ]);
    expect(unsearched).to.equal(1);
    expect(JSON.stringify(findings)).not.to.include('HOME');
  });

  it('leaves out the kernel’s file systems, and what is ignored', async () => {
    const files = {
      'proc/1/environ': KEY,
      'dev/x': KEY,
      'run/x': KEY,
      'sys/x': KEY,
      'etc/ssl/private/a.key': KEY,
      'srv/x': KEY,
    };
    const { findings, ignored } = await scanned(files, { ignore: ['/etc/ssl/*.key', '/srv/'] });
    expect(findings).to.deep.equal([]);
    expect(ignored.map(({ path }) => path)).to.deep.equal(['/etc/ssl/private/a.key', '/srv/x']);
  });

  it('says of a name with a newline that it cannot be searched', async () => {
    expect(await found({ 'srv/odd\nname': 'x' })).to.deep.equal(['odd-name /srv/odd?name']);
  });

  it('searches thousands of files', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 1234 }, (_, index) => [`srv/${index % 7}/${index}`, `text ${index}\n`]),
    );
    expect(
      await found({ ...many, 'srv/last': 'the password is 0123-s3cret' }, { secrets: new Set(['0123-s3cret']) }),
    ).to.deep.equal(['secret /srv/last']);
  });

  it('has secrets in no argument list, environment or file', async () => {
    const root = disk(directory(), { 'etc/app.conf': 'token=0123-s3cret\n' });
    const bin = join(directory(), 'spy');
    const log = join(directory(), 'spy.log');
    mkdirSync(bin);
    const place = (name: string) => execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    for (const name of ['grep', 'find', 'cat', 'tr']) {
      const real = place(name);
      writeFileSync(
        join(bin, name),
        `#!/bin/sh\n{ echo ${name} "$@"; env; ${place('grep')} -rlF 0123-s3cret /dev/shm /tmp/.pb-*; } >>${log} 2>/dev/null\nexec ${real} "$@"\n`,
      );
      chmodSync(join(bin, name), 0o755);
    }
    const shell = await openShellHost(['/bin/sh'], { PATH: `${bin}:${process.env['PATH']}` });
    try {
      const { findings } = await scan((steps) => shell.apply(steps), { root, secrets: new Set(['0123-s3cret']) });
      expect(findings.map(({ kind }) => kind)).to.deep.equal(['secret']);
      const said = readFileSync(log, 'utf8');
      expect(said).to.include('grep -lsF -f -');
      expect(said).not.to.include('0123-s3cret');
      expect(said).not.to.match(/^\/(dev|tmp)/m);
    } finally {
      await shell.close();
    }
  });

  it('says how a disk that cannot be searched failed', async () => {
    const broken: Apply = async (steps) => {
      const [first] = sessions;
      if (!first) throw new Error('there is no shell');
      return apply(first.session, steps, { check: false, diff: false });
    };
    const { message } = await rejected(scan(broken, { root: join(directory(), 'nowhere') }), 'scan-failed');
    expect(message).to.include('nowhere');
  });

  it('makes one fault of all findings', () => {
    const finding = { kind: 'secret', message: 'a value that no_log hides', hint: 'do something' } as const;
    const fault = scanFault([
      { ...finding, path: '/a' },
      { ...finding, path: '/b' },
    ]);
    expect(fault.code).to.equal('scan-found');
    expect(fault.message).to.equal(
      'the disk holds 2 things that no image may hold:\n  /a: a value that no_log hides; do something\n  /b: a value that no_log hides; do something',
    );
  });
});

describe('what a secret is searched by', () => {
  it('is its longest line that says something', () => {
    expect(secretNeedle('hunter2')).to.equal('hunter2');
    expect(secretNeedle('short')).to.equal(undefined);
    expect(secretNeedle('a\n b longer one \n')).to.equal('b longer one');
    expect(secretNeedle('-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----')).to.equal('MIIEvQ');
    expect(secretNeedle('-----BEGIN PRIVATE KEY-----')).to.equal(undefined);
  });
});
