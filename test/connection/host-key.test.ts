import { createHmac, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Target } from '../../src/connection/connection.ts';
import { Session } from '../../src/connection/session.ts';
import { closing } from '../support/closing.ts';
import { rejected } from '../support/rejected.ts';
import { type KeyFile, makeKey } from '../support/ssh-keys.ts';
import { type SshServer, startSshServer } from '../support/ssh-server.ts';
import { answerOf } from '../support/ssh-session.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('host keys', () => {
  const directory = temporaryDirectory();
  const noted = closing();
  let server: SshServer;
  let user: KeyFile;
  let ed25519: KeyFile;
  let rsa: KeyFile;
  let other: KeyFile;
  let name: string;

  before(async () => {
    user = await makeKey(directory(), 'user');
    other = await makeKey(directory(), 'other');
    ed25519 = await makeKey(directory(), 'host_ed25519');
    rsa = await makeKey(directory(), 'host_rsa', { type: 'rsa' });
    server = await startSshServer({ directory: directory(), authorized: [user.public], hostKeys: [ed25519, rsa] });
    name = `[127.0.0.1]:${server.port}`;
  });

  after(() => server.stop());

  let files = 0;
  const known = async (lines: readonly string[]) => {
    const path = join(directory(), `known_hosts-${files++}`);
    await writeFile(path, lines.map((line) => `${line}\n`).join(''));
    return path;
  };
  const session = (file: string, options = '', more: Partial<Target> = {}) =>
    noted(
      new Session(
        {
          name: 'web1',
          kind: 'ssh',
          address: '127.0.0.1',
          port: server.port,
          privateKey: user.path,
          hostKeyChecking: true,
          sshArgs: `-F none -o UserKnownHostsFile=${file} -o GlobalKnownHostsFile=none ${options}`,
          ...more,
        },
        {},
      ),
    );
  const opens = async (lines: readonly string[], options = '') =>
    expect(await answerOf(session(await known(lines), options), 'echo hello')).to.equal('hello\n');
  const hashed = (text: string) => {
    const salt = randomBytes(20);
    return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(text).digest('base64')}`;
  };

  it('that are known let in', () => opens([`${name} ${ed25519.public}`]));

  it('that are known by a hashed name let in', async () =>
    opens([`${hashed('example.com')} ${other.public}`, `${hashed(name)} ${ed25519.public} comment`]));

  it('that are known by a pattern let in', () => opens([`!x,[127.0.0.*]:* ${ed25519.public}`]));

  it('that are known without the port let in', () => opens([`127.0.0.1 ${ed25519.public}`]));

  it('are asked for in the type that is known', () => opens(['# a comment', '', `${name} ${rsa.public}`]));

  it('are looked up under the alias', async () => {
    await opens([`web ${ed25519.public}`], '-o HostKeyAlias=web');
    const fault = await rejected(
      session(await known([`${name} ${rsa.public}`]), '-o HostKeyAlias=web').channel(),
      'host-key-unknown',
    );
    expect(fault.message).to.contain('the host key of web is not known');
  });

  it('that are unknown keep out, with how to mend it', async () => {
    const file = await known([`[127.0.0.1]:1 ${ed25519.public}`, `!${name},!127.0.0.1,* ${ed25519.public}`]);
    const fault = await rejected(session(file).channel(), 'host-key-unknown');
    expect(fault.message).to.match(
      /^web1: the host key of \[127\.0\.0\.1\]:\d+ is not known: ssh-ed25519 SHA256:[\w+/]{43}$/,
    );
    expect(fault.hint).to.contain(`\`ssh-keyscan -p ${server.port} -t ed25519 127.0.0.1 >>${file}\``);
    expect(fault.hint).to.contain('ansible_host_key_checking=false');
    expect(await readFile(file, 'utf8')).not.to.contain(`\n${name}`);
  });

  it('that have changed keep out, with the line of the old key', async () => {
    const file = await known(['', `${name} ${other.public}`]);
    for (const options of ['', '-o StrictHostKeyChecking=accept-new']) {
      const fault = await rejected(session(file, options).channel(), 'host-key-changed');
      expect(fault.message).to.contain(`the known one is in ${file}:2`);
      expect(fault.where).to.deep.equal({ file, line: 2 });
      expect(fault.hint).to.contain(`ssh-keygen -R '${name}' -f ${file}`);
    }
  });

  it('that are revoked keep out, even where nobody checks', async () => {
    const file = await known([`@revoked * ${ed25519.public}`]);
    const fault = await rejected(session(file, '-o StrictHostKeyChecking=no').channel(), 'host-key-changed');
    expect(fault.message).to.contain(`is revoked in ${file}:1`);
  });

  it('are remembered with accept-new', async () => {
    const file = await known(['[127.0.0.1]:1 ssh-ed25519 AAAA']);
    await writeFile(file, (await readFile(file, 'utf8')).trimEnd());
    await answerOf(session(file, '-o StrictHostKeyChecking=accept-new'), 'true');
    expect(await readFile(file, 'utf8')).to.equal(`[127.0.0.1]:1 ssh-ed25519 AAAA\n${name} ${ed25519.public}\n`);
    await answerOf(session(file), 'true');
  });

  it('are remembered by a hashed name where ssh is told to', async () => {
    const file = join(directory(), 'new', 'known_hosts');
    await answerOf(session(file, '-o StrictHostKeyChecking=accept-new -o HashKnownHosts=yes'), 'true');
    expect(await readFile(file, 'utf8')).to.match(/^\|1\|\S+=\|\S+= ssh-ed25519 \S+\n$/);
    await answerOf(session(file), 'true');
  });

  it('are remembered once each by many sessions at a time', async () => {
    const file = await known([]);
    const words = '-o StrictHostKeyChecking=accept-new';
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((alias) => answerOf(session(file, `${words} -o HostKeyAlias=${alias}`), 'true')),
    );
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(lines.filter(Boolean).sort()).to.deep.equal(
      ['a', 'b', 'c', 'd'].map((alias) => `${alias} ${ed25519.public}`),
    );
  });

  it('are not checked where the inventory says so', async () => {
    const open = session(await known([`${name} ${other.public}`]), '', { hostKeyChecking: false });
    expect(await answerOf(open, 'echo hello')).to.equal('hello\n');
  });

  it('that have changed get no password, even where nobody checks', async () => {
    const guarded = await startSshServer({ directory: directory(), password: 'sesame' });
    try {
      const file = await known([`[127.0.0.1]:${guarded.port} ${other.public}`]);
      const open = session(file, '', { hostKeyChecking: false, port: guarded.port, password: 'sesame' });
      const fault = await rejected(open.channel(), 'auth-failed');
      expect(fault.message).to.contain('no password, because the host key has changed');
    } finally {
      await guarded.stop();
    }
  });
});
