import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { closing } from '../support/closing.ts';
import { isInstalled } from '../support/is-installed.ts';
import { rejected } from '../support/rejected.ts';
import { type KeyFile, makeKey } from '../support/ssh-keys.ts';
import { type SshServer, startSshServer } from '../support/ssh-server.ts';
import { answerOf, sshSession } from '../support/ssh-session.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('logging in over SSH', () => {
  const directory = temporaryDirectory();
  const noted = closing();
  let server: SshServer;
  const keys: { [name: string]: KeyFile } = {};

  before(async () => {
    const at = directory();
    keys['good'] = await makeKey(at, 'good');
    keys['rsa'] = await makeKey(at, 'rsa', { type: 'rsa' });
    keys['wrong'] = await makeKey(at, 'wrong');
    keys['encrypted'] = await makeKey(at, 'encrypted', { passphrase: 'open sesame' });
    const authorized = ['good', 'rsa', 'encrypted'].map((name) => keys[name]!.public);
    server = await startSshServer({ directory: at, authorized });
  });

  after(() => server.stop());

  const session = (more: Parameters<typeof sshSession>[2] = {}, environment = {}) =>
    noted(sshSession(server, directory(), more, environment));

  for (const name of ['good', 'rsa']) {
    it(`with a key (${name})`, async () => {
      expect(await answerOf(session({ privateKey: keys[name]!.path }), 'echo hello')).to.equal('hello\n');
    });
  }

  it('with a key that the ssh arguments name', async () => {
    expect(await answerOf(session({ sshArgs: `-F none -i ${keys['good']!.path}` }), 'echo hello')).to.equal('hello\n');
  });

  it('with an encrypted key and its passphrase', async () => {
    const open = session({ privateKey: keys['encrypted']!.path, passphrase: 'open sesame' });
    expect(await answerOf(open, 'echo hello')).to.equal('hello\n');
  });

  it('not with an encrypted key without its passphrase', async () => {
    const fault = await rejected(session({ privateKey: keys['encrypted']!.path }).channel(), 'key-invalid');
    expect(fault.message).to.equal(
      `web1: the private key ${keys['encrypted']!.path} is encrypted, and there is no passphrase`,
    );
    expect(fault.hint).to.contain('ssh-add');
  });

  it('not with a wrong passphrase', async () => {
    const open = session({ privateKey: keys['encrypted']!.path, passphrase: 'please' });
    expect((await rejected(open.channel(), 'key-invalid')).message).to.contain('the passphrase is wrong');
  });

  it('not with a key file that is not there', async () => {
    const fault = await rejected(session({ privateKey: join(directory(), 'nowhere') }).channel(), 'key-invalid');
    expect(fault.message).to.equal(`web1: the private key ${directory()}/nowhere does not exist`);
  });

  it('not with a file that is no key', async () => {
    const path = join(directory(), 'garbage');
    await writeFile(path, 'hello\n');
    const fault = await rejected(session({ privateKey: path }).channel(), 'key-invalid');
    expect(fault.message).to.contain('is not a private key that can be used');
  });

  it('not with a key that the host does not know', async () => {
    const fault = await rejected(session({ privateKey: keys['wrong']!.path }).channel(), 'auth-failed');
    expect(fault.message).to.match(
      /^web1: 127\.0\.0\.1 port \d+ refuses the login as \w+: tried key .*\/wrong; it takes publickey/,
    );
  });

  describe('with a password', () => {
    for (const passwordBy of ['password', 'keyboard-interactive'] as const) {
      it(`by ${passwordBy}`, async () => {
        const own = await startSshServer({ directory: directory(), password: 'sesame', passwordBy });
        try {
          const right = sshSession(own, directory(), { password: 'sesame' });
          expect(await answerOf(right, 'echo hello')).to.equal('hello\n');
          const wrong = sshSession(own, directory(), { password: 'please' });
          const fault = await rejected(wrong.channel(), 'auth-failed');
          expect(fault.message).to.contain(`${passwordBy}; it takes publickey, ${passwordBy}`);
          expect(fault.message).not.to.contain('please');
        } finally {
          await own.stop();
        }
      });
    }
  });

  describe('with an agent', () => {
    const socket = () => join(directory(), 'agent');
    let agent: ReturnType<typeof spawn> | undefined;

    before(async function () {
      if (!isInstalled('ssh-agent') || !isInstalled('ssh-add')) this.skip();
      agent = spawn('ssh-agent', ['-D', '-a', socket()], { stdio: ['ignore', 'pipe', 'ignore'] });
      await new Promise((resolve) => agent?.stdout?.once('data', resolve));
    });

    after(() => agent?.kill());

    const load = (name: string) => run('ssh-add', [keys[name]!.path]);
    const run = (command: string, words: readonly string[]) =>
      new Promise((resolve) => {
        spawn(command, words, { stdio: 'ignore', env: { ...process.env, SSH_AUTH_SOCK: socket() } }).once(
          'exit',
          resolve,
        );
      });

    it('that holds the right key, even where the user has none', async () => {
      await load('wrong');
      await load('good');
      expect(await answerOf(session({}, { SSH_AUTH_SOCK: socket() }), 'echo hello')).to.equal('hello\n');
    });

    it('that holds the named key, which is encrypted', async () => {
      await run('ssh-add', ['-D']);
      await load('wrong');
      const decrypted = await makeKey(directory(), 'decrypted');
      const at = await startSshServer({ directory: directory(), authorized: [decrypted.public] });
      try {
        await run('ssh-add', [decrypted.path]);
        await rm(decrypted.path);
        const open = sshSession(at, directory(), { privateKey: decrypted.path }, { SSH_AUTH_SOCK: socket() });
        expect(await answerOf(open, 'echo hello')).to.equal('hello\n');
      } finally {
        await at.stop();
      }
    });

    it('whose keys are counted when none is right', async () => {
      await run('ssh-add', ['-D']);
      await load('wrong');
      const open = session({}, { SSH_AUTH_SOCK: socket() });
      expect((await rejected(open.channel(), 'auth-failed')).message).to.contain('tried agent (1 key)');
    });
  });
});
