import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { compileConfig, readConfig } from '../../../src/sandbox/cloud/cloud-config.ts';
import { fileLines } from '../../../src/sandbox/cloud/cloud-config-files.ts';
import { seedOf } from '../../../src/sandbox/cloud/first-boot.ts';
import { FUNCTIONS } from '../../../src/sandbox/cloud/first-boot-functions.ts';
import { instanceRecord } from '../../support/instance-record.ts';
import { SHELLS } from '../../support/shells.ts';

const KEY = 'ssh-ed25519 AAAA me';

/** The programs of a first boot with this user-data. */
function programs(userData: string, hosts: readonly string[] = []) {
  const { files } = seedOf(
    instanceRecord({ userData: Buffer.from(userData).toString('base64'), publicKey: KEY }),
    hosts,
  );
  return (name: string) => String(files.get(name) ?? '');
}

/** What lines say or do in a shell that has the functions. */
function run(lines: readonly string[]): string {
  return execFileSync('sh', ['-c', [FUNCTIONS, ...lines].join('\n')], { encoding: 'utf8' });
}

describe('the first boot', () => {
  it('is programs that every shell can read, whatever the config holds', () => {
    const config = `#cloud-config
hostname: it's
users: [default, {name: "a'b", ssh_authorized_keys: ["k'1"], sudo: ["ALL=(ALL) ALL"], groups: "x, y"}]
write_files: [{path: "/a b'c", content: "$(x)\\n'"}]
bootcmd: ["echo 'never ends", [echo, "it's"]]
runcmd: ["if true; then"]
packages: [less, [vim, "1.2"]]
chpasswd: {list: "root:a'b"}
power_state: {mode: poweroff, message: "it's"}
final_message: "it's $UPTIME"
`;
    const program = programs(config, ["10.0.0.1 it's"]);
    for (const [, [shell = '', ...args]] of SHELLS) {
      for (const name of ['init', 'final']) execFileSync(shell, [...args, '-n'], { input: program(name) });
    }
    // A mistake in one's own commands is a mistake there alone.
    expect(program('bootcmd')).to.equal("#!/bin/sh\necho 'never ends\necho 'it'\\''s'\n");
    expect(program('runcmd')).to.equal('#!/bin/sh\nif true; then\n');
  });

  it('runs scripts in order, each once', () => {
    const program = programs('#!/bin/sh\necho hi\n');
    expect(program('part-001')).to.equal('#!/bin/sh\necho hi\n');
    expect(program('final')).to.match(/sem\/config_final" \]; then\n: >.*\ninstall .*part-001/s);
  });

  it('lets the key of the key pair in, and root only as far as it says where to go', () => {
    const program = programs('');
    expect(program('init')).to.contain(`add_keys ubuntu <<'END-OF-KEYS'\n${KEY}\nEND-OF-KEYS`);
    expect(program('init')).to.match(
      /add_keys root <<'END-OF-KEYS'\nno-port-forwarding.*login as the user .*ubuntu.* ssh-ed25519 AAAA me\n/,
    );
    expect(programs('#cloud-config\ndisable_root: false\n')('init')).to.contain(
      `add_keys root <<'END-OF-KEYS'\n${KEY}\n`,
    );
    expect(programs('#cloud-config\nusers: []\n')('init')).not.to.contain('add_keys ubuntu');
  });

  it('takes the hostname of the address, or that of the config', () => {
    expect(programs('')('init')).to.contain('set_hostname ip-10-77-1-10 ip-10-77-1-10 ip-10-77-1-10\n');
    expect(programs('#cloud-config\nhostname: web\nfqdn: web.example\n')('init')).to.contain(
      'set_hostname web web.example web\n',
    );
    expect(programs('#cloud-config\npreserve_hostname: true\n')('init')).not.to.contain('\nset_hostname ');
  });

  it('tells what it does nothing with', () => {
    const program = programs('#cloud-config\napt: {}\nusers: [{name: eve, ssh_import_id: [gh:eve]}]\nwrite_files: 1\n');
    expect(program('init')).to.contain("say 'cloud-config: the sandbox does nothing with the key apt'");
    expect(program('init')).to.contain(
      "say 'cloud-config: the sandbox does nothing with ssh_import_id of the user eve'",
    );
    expect(program('init')).to.contain("'Failed to run module write_files: write_files must be a list'");
    expect(programs('#cloud-config\n- a\n')('init')).to.contain('got a list');
    expect(programs('#cloud-config\na: [\n')('init')).to.contain('Failed loading yaml blob');
    expect(programs('hello')('init')).to.contain('Unhandled non-multipart');
  });

  it('writes files with their owner, mode and encoding', () => {
    const folder = mkdtempSync(join(tmpdir(), 'playbake-files-'));
    const { uid, gid } = userInfo();
    const owner = `${uid}:${gid}`;
    const bytes = Buffer.from([0, 255, 10]);
    const file = (name: string, more: object) => ({ path: join(folder, 'new', name), owner, ...more });
    const lines = fileLines(
      [
        file('plain', { content: "it's $HOME\n" }),
        file('base64', { content: bytes.toString('base64'), encoding: 'b64', permissions: '0600' }),
        file('zipped', { content: gzipSync('zipped').toString('base64'), encoding: 'gz+b64', permissions: 0o750 }),
        file('plain', { content: 'more', append: true, permissions: '0o640' }),
        file('wrong', { content: 'x', encoding: 'gz' }),
        { content: 'nowhere' },
        file('late', { content: 'late', defer: true }),
      ],
      { deferred: false },
    );
    expect(run(lines)).to.equal(
      'write_files: a content is not compressed as its encoding says\nwrite_files: "" is no absolute path\n',
    );
    const modeOf = (name: string) => (statSync(join(folder, 'new', name)).mode & 0o7777).toString(8);
    expect(readFileSync(join(folder, 'new/plain'), 'utf8')).to.equal("it's $HOME\nmore");
    expect(readFileSync(join(folder, 'new/base64'))).to.deep.equal(bytes);
    expect(readFileSync(join(folder, 'new/zipped'), 'utf8')).to.equal('zipped');
    expect(['plain', 'base64', 'zipped'].map(modeOf)).to.deep.equal(['640', '600', '750']);
    expect(() => statSync(join(folder, 'new/late'))).to.throw();
    rmSync(folder, { recursive: true });
  });

  it('goes on when a module fails, and tells which', () => {
    const { last } = compileConfig(readConfig('timezone: No/Where\n'), 'x', []);
    expect(run([...last, 'say goes on'])).to.equal(
      'there is no timezone No/Where\nFailed to run module timezone\ngoes on\n',
    );
  });
});
