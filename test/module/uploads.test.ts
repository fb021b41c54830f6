import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { Session } from '../../src/connection/session.ts';
import { apply } from '../../src/module/apply.ts';
import { localContent } from '../../src/module/local-content.ts';
import type { Outcome } from '../../src/module/module.ts';
import { sh } from '../../src/shell/sh.ts';
import { ensure, type PutOptions, put, run, type Steps, set, when } from '../../src/shell/steps.ts';
import { closing } from '../support/closing.ts';
import { isInstalled } from '../support/is-installed.ts';
import { rejected } from '../support/rejected.ts';
import { SHELLS } from '../support/shells.ts';
import { type KeyFile, makeKey } from '../support/ssh-keys.ts';
import { type SshServer, startSshServer } from '../support/ssh-server.ts';
import { sshSession } from '../support/ssh-session.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

const isRoot = process.getuid?.() === 0;
const CONTENT = randomBytes(300_001);
const OTHER = randomBytes(300_001);

describe('uploads', () => {
  const directory = temporaryDirectory();
  const noted = closing();
  let at: string;
  let count = 0;

  beforeEach(async () => {
    at = join(directory(), `it's ${count++}`);
    await mkdir(at);
  });

  const path = () => join(at, 'file');
  const mode = async () => (await stat(path())).mode & 0o7777;
  /** What must be there in the end: our file and nothing of its making. */
  const holds = async (content: Buffer, ...others: readonly string[]) => {
    expect(content.equals(await readFile(path()))).to.equal(true);
    expect((await readdir(at)).sort()).to.deep.equal(['file', ...others].sort());
  };
  const local = (shell: string) =>
    noted(new Session({ name: 'here', kind: 'local', address: 'here', hostKeyChecking: true, shell }, process.env));

  /** A shell is one word. */
  async function wordFor(name: string, argv: readonly string[], before = ':'): Promise<string> {
    const word = join(directory(), `shell-${name.replaceAll(' ', '-')}-${before.length}`);
    await writeFile(word, `#!/bin/sh\n${before}\nexec ${argv.join(' ')} "$@"\n`, { mode: 0o755 });
    return word;
  }

  /** A directory of programs, as on a host that has no gzip. */
  async function withoutGzip(): Promise<string> {
    const programs = join(directory(), 'programs');
    await mkdir(programs);
    for (const from of ['/bin', '/usr/bin']) {
      for (const one of await readdir(from)) {
        if (!one.includes('zip')) await symlink(join(from, one), join(programs, one)).catch(() => undefined);
      }
    }
    return programs;
  }

  for (const [name, argv] of SHELLS) {
    describe(`on ${name}`, () => {
      let session: Session;
      let pieces: Uint8Array[];

      beforeEach(async () => {
        session = local(await wordFor(name, argv));
        pieces = [];
      });

      const over = (steps: Steps, check = false): Promise<Outcome> => apply(session, steps, { check, diff: false });
      const write = (content: string | Uint8Array, options: PutOptions = {}, to = path()) =>
        over([put(to, content, { onPiece: (piece) => pieces.push(piece), ...options })]);

      it('write a large file where it belongs, once', async () => {
        expect(await write(CONTENT)).to.include({ changed: true, failed: false });
        await holds(CONTENT);
        expect(await mode()).to.equal(0o644);
        expect(Buffer.concat(pieces).equals(CONTENT)).to.equal(true);
        await utimes(at, 1, 1);
        expect(await write(CONTENT)).to.include({ changed: false, failed: false });
        expect(Buffer.concat(pieces).length).to.equal(CONTENT.length);
        // Not even for a moment was something beside it.
        expect((await stat(at)).mtimeMs).to.equal(1000);
      });

      it('replace a file, of the same length or not', async () => {
        await writeFile(path(), OTHER, { mode: 0o640 });
        await write(CONTENT);
        await holds(CONTENT);
        expect(await mode()).to.equal(0o640);
        await write('x'.repeat(100_000));
        await holds(Buffer.from('x'.repeat(100_000)));
      });

      it('count the bytes of a text, not its characters', async () => {
        const text = 'é日'.repeat(40_000);
        expect(await write(text)).to.include({ changed: true });
        await holds(Buffer.from(text));
        expect(await write(text)).to.include({ changed: false });
      });

      it('stand beside the destination meanwhile, with the mode that they begin with', async () => {
        for (const [options, begun, done] of [
          [{ mode: '0640' }, 0o600, 0o640],
          [{ mode: '0640', verified: true }, 0o640, 0o640],
          [{}, 0o644, 0o644],
        ] as const) {
          const seen = new Set<number>();
          const onPiece = () => {
            for (const one of readdirSync(at)) seen.add(statSync(join(at, one)).mode & 0o7777);
          };
          await write(CONTENT, { ...options, onPiece });
          expect([...seen]).to.deep.equal([begun]);
          expect(await mode()).to.equal(done);
          await rm(path());
        }
      });

      it('are in the group of the directory, where it hands that on', async function () {
        if (!isRoot) this.skip();
        await chown(at, 0, 4321);
        await chmod(at, 0o2755);
        await write(CONTENT);
        expect((await stat(path())).gid).to.equal(4321);
      });

      it('go into a directory, and through a link', async () => {
        await write(CONTENT, { into: 'file' }, at);
        await holds(CONTENT);
        await symlink('file', join(at, 'link'));
        expect(await write(CONTENT, { follow: true }, join(at, 'link'))).to.include({ changed: false });
        expect(await write(OTHER, { follow: true }, join(at, 'link'))).to.include({ changed: true });
        await holds(OTHER, 'link');
        expect(await write(OTHER, {}, join(at, 'link'))).to.include({ changed: true });
        expect((await stat(join(at, 'link'))).ino).to.not.equal((await stat(path())).ino);
      });

      it('are not sent where nothing is to be replaced, nor in check mode', async () => {
        expect(await over([put(path(), CONTENT)], true)).to.include({ changed: true });
        expect(await readdir(at)).to.deep.equal([]);
        await writeFile(path(), 'old');
        expect(await write(CONTENT, { keep: true })).to.include({ changed: false, failed: false });
        expect(pieces).to.deep.equal([]);
        await holds(Buffer.from('old'));
      });

      it('leave nothing where the step is not reached', async () => {
        expect(await over([when(sh`false`, [put(path(), CONTENT)])])).to.include({ changed: false, failed: false });
        expect(await readdir(at)).to.deep.equal([]);
        const failing = await over([run(sh`false`), put(path(), CONTENT)]);
        expect(failing.failed).to.equal(true);
        expect(await readdir(at)).to.deep.equal([]);
      });

      it('may be meant for a directory that a step before makes', async () => {
        const inside = join(at, 'new/deep');
        await over([ensure(sh`[ -d ${inside} ]`, sh`mkdir -p ${inside}`), put(join(inside, 'x'), CONTENT)]);
        expect(CONTENT.equals(await readFile(join(inside, 'x')))).to.equal(true);
        expect(await readdir(inside)).to.deep.equal(['x']);
      });

      it('find what steps before them have changed', async () => {
        await writeFile(path(), OTHER, { mode: 0o600 });
        const gone = await over([run(sh`rm -f ${path()}`), put(path(), CONTENT)]);
        expect(gone).to.include({ changed: true, failed: false });
        await holds(CONTENT);
        expect(await mode()).to.equal(0o644);
      });

      it('keep a copy, and validate the new file before it counts', async () => {
        await writeFile(path(), OTHER);
        const refused = await write(CONTENT, { validate: 'sh -c "exit 3" %s', backup: true });
        expect(refused).to.include({ failed: true });
        await holds(OTHER);
        const done = await write(CONTENT, { validate: 'test -s %s', backup: true });
        const copy = String(done.values['backup_file']);
        expect(OTHER.equals(await readFile(copy))).to.equal(true);
        await holds(CONTENT, copy.slice(at.length + 1));
      });

      it('fail as a small file does where there is a directory, or none to write in', async () => {
        await mkdir(path());
        expect((await write(CONTENT)).msg).to.contain('is a directory');
        expect((await write(CONTENT, {}, join(at, 'no/file'))).msg).to.contain('does not exist');
        expect(await readdir((await session.channel()).shell.uploads)).to.deep.equal([]);
        expect(await readdir(at)).to.deep.equal(['file']);
      });

      it('are many in one program', async () => {
        const names = Array.from({ length: 12 }, (_, index) => `file ${index}`);
        const contents = names.map((name) => Buffer.from(`${name}\n`.repeat(10_000)));
        await over(names.map((one, index) => put(join(at, one), contents[index]!)));
        for (const [index, one] of names.entries()) {
          expect(contents[index]!.equals(await readFile(join(at, one)))).to.equal(true);
        }
        expect(await readdir(at)).to.have.length(12);
      });

      it('are read from a file while they are sent', async () => {
        const source = join(directory(), 'source');
        const whole = randomBytes(5_000_001);
        await writeFile(source, whole);
        await over([put(path(), localContent(source))]);
        await holds(whole);
        expect(await over([put(path(), localContent(source))])).to.include({ changed: false });
        expect(await over([put(path(), localContent(source))], true)).to.include({ changed: false });
      });

      it('fail where the file cannot be read to its end, and leave nothing', async () => {
        for (const size of [300_000, 6_000_000]) {
          const source = join(directory(), 'shrinking');
          await writeFile(source, randomBytes(size));
          const content = localContent(source);
          await truncate(source, size - 10);
          const fault = await rejected(over([put(path(), content)]), 'file-unreadable');
          expect(fault.message).to.match(/shrinking cannot be read: it has become shorter/);
          expect(await readdir(at)).to.deep.equal([]);
        }
        expect(await write('x')).to.include({ changed: true });
      });

      it('tell that there is no room, and leave nothing', async () => {
        session = local(await wordFor(name, argv, 'ulimit -f 200'));
        await writeFile(path(), 'old');
        const fault = await rejected(write(CONTENT), 'upload-failed');
        expect(fault.hint).to.contain('room');
        await holds(Buffer.from('old'));
        expect(await over([set('x', sh`echo 1`, '1', sh`false`)])).to.include({ failed: false });
      });

      it('are gone when the session is cancelled', async () => {
        const writing = write(randomBytes(2 ** 20), { validate: 'sleep 20' }).catch(() => undefined);
        await until(async () => (await readdir(at)).length > 0);
        await session.cancel();
        await writing;
        await until(async () => (await readdir(at)).length === 0);
      });
    });
  }

  describe('over a wire', () => {
    let server: SshServer;
    let wire: TcpProxy;
    let key: KeyFile;
    let open: (to?: TcpProxy, shell?: string) => Session;

    before(async () => {
      key = await makeKey(directory(), 'key');
      server = await startSshServer({ directory: directory(), authorized: [key.public] });
      wire = await startTcpProxy(server.port);
      const { hostKey } = server;
      open = ({ port } = wire, shell = '/bin/sh') =>
        noted(sshSession({ hostKey, port }, directory(), { privateKey: key.path, shell }));
    });

    after(async () => {
      await wire.stop();
      await server.stop();
    });

    describe('that is slow', () => {
      const SIZE = 6_000_000;
      const text = Buffer.from('a line of a text\n'.repeat(SIZE / 17));

      for (const [what, content, plain, fits] of [
        ['pack what gets smaller', text, false, (passed: number) => passed < SIZE / 2],
        ['send as it is what does not', randomBytes(SIZE), false, (passed: number) => passed > SIZE],
        ['send as it is what the host cannot unpack', text, true, (passed: number) => passed > text.length],
      ] as const) {
        it(what, async () => {
          const slow = await startTcpProxy(server.port, 10_000);
          const session = open(slow, plain ? await wordFor('plain', ['sh'], `PATH=${await withoutGzip()}`) : undefined);
          const pieces: Uint8Array[] = [];
          const step = put(path(), content, { onPiece: (piece) => pieces.push(piece) });
          expect(await apply(session, [step], { check: false, diff: false })).to.include({ changed: true });
          await holds(content);
          expect(content.equals(Buffer.concat(pieces))).to.equal(true);
          expect(slow.passed).to.satisfy(fits);
          await session.close();
          await slow.stop();
        });
      }

      it('leave no half of what is packed when it is cut', async () => {
        const slow = await startTcpProxy(server.port, 10_000);
        const onPiece = (piece: Uint8Array) => {
          if (packed++ > 6 && piece.length > 0) slow.cut();
        };
        let packed = 0;
        const step = put(path(), Buffer.concat([text, text]), { onPiece });
        await rejected(apply(open(slow), [step], { check: false, diff: false }), 'connection-lost');
        await until(async () => (await readdir(at)).length === 0);
        await slow.stop();
      });
    });

    // One of them is the client's own with the system's ssh.
    for (const [kind, sessions] of [
      ['ssh', 2],
      ['openssh', 3],
    ] as const) {
      it(`to a host that allows few shells go one after the other (${kind})`, async function () {
        if (kind === 'openssh' && !(isInstalled('ssh') && isInstalled('sshd'))) this.skip();
        const strict = await startSshServer({ directory: directory(), authorized: [key.public], sessions });
        try {
          const { hostKey, port } = strict;
          const session = noted(sshSession({ hostKey, port }, directory(), { kind, privateKey: key.path }));
          const names = Array.from({ length: 6 }, (_, index) => `file ${index}`);
          const steps = names.map((one) => put(join(at, one), CONTENT));
          expect(await apply(session, steps, { check: false, diff: false })).to.include({ changed: true });
          expect((await readdir(at)).sort()).to.deep.equal(names);
          for (const one of names) expect(CONTENT.equals(await readFile(join(at, one)))).to.equal(true);
          await session.close();
        } finally {
          await strict.stop();
        }
      });
    }

    it('that is cut while they are sent they leave nothing behind', async () => {
      const onPiece = () => wire.cut();
      const step = put(path(), randomBytes(30_000_000), { onPiece });
      await rejected(apply(open(), [step], { check: false, diff: false }), 'connection-lost');
      await until(async () => (await readdir(at)).length === 0);
    });

    it('that is cut when they are there they leave nothing behind', async () => {
      const [started, goOn] = [join(directory(), 'started'), join(directory(), 'go-on')];
      const wait = run(sh`: >${started}; until [ -e ${goOn} ]; do sleep 0.05; done; false`);
      const writing = apply(open(), [wait, put(path(), CONTENT)], { check: false, diff: false });
      writing.catch(() => undefined);
      await until(() => existsSync(started));
      expect((await readdir(at))[0]).to.match(/^\.pb-/);
      wire.cut();
      await rejected(writing, 'connection-lost');
      await writeFile(goOn, '');
      await until(async () => (await readdir(at)).length === 0);
    });
  });
});
