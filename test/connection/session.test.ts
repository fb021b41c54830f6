import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Channel } from '../../src/connection/channel.ts';
import { Session } from '../../src/connection/session.ts';
import { closing } from '../support/closing.ts';
import { isInstalled } from '../support/is-installed.ts';
import { rejected } from '../support/rejected.ts';
import { type KeyFile, makeKey } from '../support/ssh-keys.ts';
import { type SshServer, startSshServer } from '../support/ssh-server.ts';
import { sshSession } from '../support/ssh-session.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** What a command writes to stdout. */
async function say(channel: Channel, command: string): Promise<string> {
  const { frames } = await channel.run(`m_0() { ${command}\n}; pb_run 0 '' any`);
  return frames[0]?.first.toString() ?? '';
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await sleep(25);
  }
  throw new Error(`it did not come to pass: ${what}`);
}

/** A process that has ended but whom nobody has asked how is not running. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

describe('sessions', () => {
  const directory = temporaryDirectory();
  const noted = closing();
  let key: KeyFile;
  let server: SshServer;
  let wire: TcpProxy;

  before(async () => {
    key = await makeKey(directory(), 'key');
    server = await startSshServer({ directory: directory(), authorized: [key.public] });
    wire = await startTcpProxy(server.port);
  });

  after(async () => {
    await wire.stop();
    await server.stop();
  });

  const over = (kind: string) => {
    const { hostKey } = server;
    return noted(sshSession({ hostKey, port: wire.port }, directory(), { kind, privateKey: key.path }));
  };
  const local = () =>
    noted(new Session({ name: 'here', kind: 'local', address: 'here', hostKeyChecking: true }, process.env));

  const kinds: { readonly [kind: string]: () => Session } = {
    local,
    ssh: () => over('ssh'),
    ...(isInstalled('ssh') && isInstalled('sshd') && { openssh: () => over('openssh') }),
  };

  for (const [kind, open] of Object.entries(kinds)) {
    describe(`of kind ${kind}`, () => {
      it('have one channel, opened once', async () => {
        const session = open();
        const [one, other] = await Promise.all([session.channel(), session.channel()]);
        expect(one).to.equal(other);
        expect(await session.channel()).to.equal(one);
        expect(await say(one, 'echo $$')).to.equal(`${one.shell.pid}\n`);
      });

      it('take programs before they have answered', async () => {
        const session = open();
        const channel = await session.greeted();
        expect(() => channel.shell).to.throw('not answered');
        expect(await say(channel, 'echo $$')).to.equal(`${(await channel.hello).pid}\n`);
      });

      it('answer many programs in order', async () => {
        const channel = await open().channel();
        const words = Array.from({ length: 40 }, (_, index) => `word ${index}\n`);
        const answers = await Promise.all(words.map((word) => say(channel, `echo '${word.trim()}'`)));
        expect(answers).to.deep.equal(words);
      });

      it('carry megabytes', async () => {
        const channel = await open().channel();
        const text = await say(channel, `yes 0123456789abcde | head -c 3000000`);
        expect(text).to.equal('0123456789abcde\n'.repeat(187500));
      });

      it('upload bytes of any kind, for the user only', async () => {
        const content = Buffer.alloc(3_000_001);
        for (let index = 0; index < content.length; index++) content[index] = (index * 7919) >> 3;
        const session = open();
        const path = await session.upload(content);
        expect(content.equals(await readFile(path))).to.equal(true);
        expect((await stat(path)).mode & 0o777).to.equal(0o600);
        expect((await readFile(await session.upload(Buffer.from('')))).length).to.equal(0);
      });

      it('leave nothing behind when they close', async () => {
        const session = open();
        const channel = await session.channel();
        const path = await session.upload(Buffer.from('hello'));
        await say(channel, 'echo hello');
        expect(existsSync(channel.shell.directory)).to.equal(true);
        await session.close();
        expect(session.alive).to.equal(false);
        await until(() => !isRunning(channel.shell.pid), 'the shell ends');
        expect([existsSync(channel.shell.directory), existsSync(path)]).to.deep.equal([false, false]);
      });

      it('end what runs when they are cancelled', async () => {
        const session = open();
        const channel = await session.channel();
        const pidFile = join(directory(), `pid-${kind}`);
        const running = channel.run(`m_0() { sh -c 'echo $$ >${pidFile}; sleep 30; echo no'; }; pb_run 0 '' 0`);
        const next = channel.run(`m_0() { echo no >${pidFile}; }; pb_run 0 '' 0`);
        const ends = Promise.allSettled([running, next]);
        await until(() => existsSync(pidFile) && pidIn(pidFile) > 0, 'the program runs');
        const pid = Number(await readFile(pidFile, 'utf8'));
        const start = Date.now();
        await session.cancel();
        expect(Date.now() - start).to.be.below(3000);
        expect((await ends)[1].status).to.equal('rejected');
        await until(() => !isRunning(pid) && !isRunning(channel.shell.pid), 'all of it ends');
        expect(existsSync(channel.shell.directory)).to.equal(false);
        expect(Number(await readFile(pidFile, 'utf8'))).to.equal(pid);
        await rejected(session.channel(), 'interrupted');
      });

      it('open a new shell when one was killed', async () => {
        const session = open();
        const channel = await session.channel();
        await rejected(say(channel, `kill -9 ${channel.shell.pid}; sleep 0.1`), 'connection-lost');
        await channel.ended;
        const other = await session.channel();
        expect(await say(other, 'echo hello')).to.equal('hello\n');
        await say(other, `rm -rf ${channel.shell.directory}`);
      });
    });
  }

  describe('over a wire that is cut', () => {
    for (const kind of Object.keys(kinds).filter((one) => one !== 'local')) {
      it(`tell at once, leave nothing behind, and can be used again (${kind})`, async () => {
        const session = kinds[kind]!();
        const channel = await session.channel();
        const path = await session.upload(Buffer.from('hello'));
        const started = join(directory(), `started-${kind}`);
        const running = channel.run(`m_0() { : >${started}; sleep 0.3; }; pb_run 0 '' 0`);
        running.catch(() => undefined);
        await until(() => existsSync(started), 'the program runs');
        const start = Date.now();
        wire.cut();
        const fault = await rejected(running, 'connection-lost');
        expect(Date.now() - start).to.be.below(500);
        expect(fault.message).to.match(/^the shell on web1 ended: /);
        await until(() => !session.alive, 'the loss is noticed');
        await until(() => !isRunning(channel.shell.pid), 'the shell ends');
        expect([existsSync(channel.shell.directory), existsSync(path)]).to.deep.equal([false, false]);
        expect(await say(await session.channel(), 'echo again')).to.equal('again\n');
      });
    }

    it('leave no half of an upload', async () => {
      const session = over('ssh');
      const { shell } = await session.channel();
      const upload = session.upload(Buffer.alloc(200_000_000, 1));
      upload.catch(() => undefined);
      await until(async () => (await readdir(shell.uploads).catch(() => [])).length > 0, 'the upload begins');
      wire.cut();
      await rejected(upload, 'connection-lost');
      await until(() => !existsSync(shell.uploads), 'the upload goes');
    });

    it('tell when the wire goes silent', async () => {
      const { hostKey } = server;
      const quick = '-F none -o ServerAliveInterval=1 -o ServerAliveCountMax=1';
      const session = noted(
        sshSession({ hostKey, port: wire.port }, directory(), { privateKey: key.path, sshArgs: quick }),
      );
      const channel = await session.channel();
      wire.silence();
      await rejected(say(channel, 'echo hello'), 'connection-lost');
      wire.cut();
    });
  });

  it('end even what does not want to', async () => {
    const session = local();
    const channel = await session.channel();
    const pidFile = join(directory(), `stubborn`);
    const command = `trap "" TERM HUP; echo $$ >${pidFile}; while :; do sleep 1; done`;
    const running = channel.run(`m_0() { sh -c '${command}'; }; pb_run 0 '' 0`);
    const ends = Promise.allSettled([running]);
    await until(() => existsSync(pidFile) && pidIn(pidFile) > 0, 'the program runs');
    const pid = Number(await readFile(pidFile, 'utf8'));
    await session.close();
    await ends;
    await until(() => !isRunning(pid) && !isRunning(channel.shell.pid), 'all of it ends');
    expect(existsSync(channel.shell.directory)).to.equal(false);
  });

  it('open fifty channels over one connection', async () => {
    const before = wire.accepted;
    const session = over('ssh');
    const names = Array.from({ length: 50 }, (_, index) => `file ${index}`);
    const uploads = await Promise.all(names.map((name) => session.upload(Buffer.from(name))));
    expect(await Promise.all(uploads.map((path) => readFile(path, 'utf8')))).to.deep.equal(names);
    expect(wire.accepted - before).to.equal(1);
  });

  it('tell that an upload has no room, which is no lost connection', async () => {
    const session = local();
    const channel = await session.channel();
    await say(channel, 'true');
    // No directory can be made below a device.
    Object.assign(channel.shell, { uploads: '/dev/null/nowhere' });
    for (const size of [5, 5_000_000]) {
      const fault = await rejected(session.upload(Buffer.alloc(size)), 'upload-failed');
      expect(fault.message).to.match(/exit 1.*\/dev\/null/s);
    }
    expect(session.alive).to.equal(true);
  });
});

/** -1 as long as there is none. */
function pidIn(path: string): number {
  return Number(readFileSync(path, 'utf8')) || -1;
}
