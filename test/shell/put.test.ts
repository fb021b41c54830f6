import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { endPrograms } from '../../src/connection/end-programs.ts';
import { sh } from '../../src/shell/sh.ts';
import { ensure, type PutOptions, put } from '../../src/shell/steps.ts';
import { openShellHost, type ShellHost } from '../support/shell-host.ts';
import { SHELLS } from '../support/shells.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const isRoot = process.getuid?.() === 0;

for (const [name, argv] of SHELLS) {
  describe(`put on ${name}`, () => {
    const directory = temporaryDirectory();
    let host: ShellHost;
    let at: string;
    let count = 0;

    before(async () => {
      host = await openShellHost(argv);
    });

    after(() => host.close());

    beforeEach(async () => {
      at = join(directory(), `test ${count++}`);
      await mkdir(at);
    });

    const path = () => join(at, "it's");
    const mode = async () => (await stat(path())).mode & 0o7777;
    const write = (content: Parameters<typeof put>[1], options: PutOptions = {}) =>
      host.apply([put(path(), content, options)]);

    it('writes a new file, once', async () => {
      const text = "it's $(echo no) `no` \\n \\0101 %s\n日本\n\n";
      expect(await write(text)).to.include({ changed: true, failed: false });
      expect(await readFile(path(), 'utf8')).to.equal(text);
      expect(await mode()).to.equal(0o644);
      expect(await write(text)).to.include({ changed: false, failed: false });
      expect(await readdir(at)).to.deep.equal(["it's"]);
    });

    for (const [what, content] of [
      ['nothing', ''],
      ['no last newline', 'a'],
      ['bytes', Uint8Array.from({ length: 1024 }, (_, index) => index % 256)],
      ['text with a NUL', 'a\0b'],
      ['much text', 'a b c\n'.repeat(20000)],
    ] as const) {
      it(`writes ${what}`, async () => {
        expect(await write(content)).to.include({ changed: true, failed: false });
        expect((await readFile(path())).equals(Buffer.from(content))).to.equal(true);
        expect(await write(content)).to.include({ changed: false });
      });
    }

    it('writes what a command on the host says', async () => {
      await writeFile(path(), 'old\n');
      const step = sh`cat "$pb_path"; echo new`;
      expect(await write(step)).to.include({ changed: true });
      expect(await readFile(path(), 'utf8')).to.equal('old\nnew\n');
      const failing = await write(sh`echo no way >&2; return 1`);
      expect([failing.failed, failing.msg]).to.deep.equal([true, 'no way']);
      expect(await readFile(path(), 'utf8')).to.equal('old\nnew\n');
    });

    it('writes what was uploaded and removes the upload', async () => {
      const upload = join(at, 'upload');
      await writeFile(upload, 'x'.repeat(100));
      const step = put(path(), 'x'.repeat(100));
      expect(await host.apply([step], { uploads: new Map([[step, upload]]) })).to.include({ changed: true });
      expect(await readFile(path(), 'utf8')).to.equal('x'.repeat(100));
      expect(existsSync(upload)).to.equal(false);
    });

    it('changes nothing in check mode, and says what it would change', async () => {
      const fresh = await host.apply([put(path(), 'new\n')], { check: true, diff: true });
      expect(fresh).to.deep.include({ changed: true, diff: [{ path: path(), before: '', after: 'new\n' }] });
      expect(await readdir(at)).to.deep.equal([]);
      await writeFile(path(), 'old\n');
      const other = await host.apply([put(path(), 'new\n', { backup: true })], { check: true, diff: true });
      expect(other).to.deep.include({ changed: true, diff: [{ path: path(), before: 'old\n', after: 'new\n' }] });
      expect(await readdir(at)).to.deep.equal(["it's"]);
      expect(await readFile(path(), 'utf8')).to.equal('old\n');
    });

    it('shows no secret in a diff', async () => {
      expect((await host.apply([put(path(), 'new', { secret: true })], { diff: true })).diff).to.deep.equal([]);
    });

    it('keeps the mode of the old file, or sets the one that is wanted', async () => {
      await writeFile(path(), 'old');
      await chmod(path(), 0o640);
      await write('new');
      expect(await mode()).to.equal(0o640);
      await write('newer', { mode: '0600' });
      expect(await mode()).to.equal(0o600);
      await write('newest', { mode: 'u=rwx,go=rx' });
      expect(await mode()).to.equal(0o755);
    });

    it('keeps the owner of the old file, or sets the one that is wanted', async function () {
      if (!isRoot) this.skip();
      await writeFile(path(), 'old');
      await chown(path(), 1234, 2345);
      await write('new');
      expect(await stat(path())).to.include({ uid: 1234, gid: 2345 });
      await write('newer', { owner: '4321' });
      expect(await stat(path())).to.include({ uid: 4321, gid: 2345 });
      await write('newest', { owner: '1', group: '2' });
      expect(await stat(path())).to.include({ uid: 1, gid: 2 });
    });

    it('never shows a secret file to others while it is written', async () => {
      const shown = join(at, 'shown');
      const validate = `sh -c 'stat -c %a "$0" >"${shown}"; exit 1' %s`;
      expect(await write('secret', { mode: '0600', validate })).to.include({ failed: true });
      expect(await readFile(shown, 'utf8')).to.equal('600\n');
      const slow = host.apply([put(path(), sh`sleep 0.3; echo secret`, { mode: '0600' })]);
      const modes = new Set<number>();
      for (let tries = 0; tries < 100; tries++) {
        for (const name of await readdir(at)) {
          const found = name === 'shown' ? undefined : await stat(join(at, name)).catch(() => undefined);
          if (found) modes.add(found.mode & 0o777);
        }
        await sleep(5);
      }
      expect(await slow).to.include({ failed: false });
      expect([...modes]).to.deep.equal([0o600]);
    });

    it('replaces the file, so that who has it open reads the old one to its end', async () => {
      await writeFile(path(), 'old');
      const before = await stat(path());
      await write('new');
      expect((await stat(path())).ino).not.to.equal(before.ino);
    });

    it('replaces a symbolic link, or writes through it', async () => {
      const target = join(at, 'target');
      await writeFile(target, 'old');
      await symlink('target', path());
      expect(await write('new', { follow: true })).to.include({ changed: true });
      expect([await readlink(path()), await readFile(target, 'utf8')]).to.deep.equal(['target', 'new']);
      expect(await write('newer')).to.include({ changed: true });
      expect((await lstat(path())).isSymbolicLink()).to.equal(false);
      expect([await readFile(path(), 'utf8'), await readFile(target, 'utf8')]).to.deep.equal(['newer', 'new']);
    });

    it('leaves a file that is there, where it is to be kept', async () => {
      await writeFile(path(), 'old');
      expect(await write('new', { keep: true })).to.include({ changed: false });
      expect(await readFile(path(), 'utf8')).to.equal('old');
    });

    it('keeps a copy of the old file', async () => {
      await writeFile(path(), 'old');
      await chmod(path(), 0o640);
      const { values } = await write('new', { backup: true });
      const copy = String(values['backup_file']);
      expect(copy).to.match(/it's\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/);
      expect([await readFile(copy, 'utf8'), (await stat(copy)).mode & 0o777]).to.deep.equal(['old', 0o640]);
      expect((await write('new', { backup: true })).values).to.deep.equal({});
    });

    it('validates the new file before it counts', async () => {
      await writeFile(path(), 'old');
      expect(await write('good\n', { validate: "grep -q 'good' %s" })).to.include({ changed: true, failed: false });
      const { failed, msg } = await write('bad\n', { validate: 'grep good %s /nowhere' });
      expect(failed).to.equal(true);
      expect(msg).to.match(/^failed to validate: rc:\d error:.*\/nowhere/s);
      expect([await readFile(path(), 'utf8'), await readdir(at)]).to.deep.equal(['good\n', ["it's"]]);
    });

    it('begins with the mode where that is looked at afterwards', async () => {
      for (const mode of ['0644', '0600', '0640', '0444', '0666', '0755', '0044', '04644']) {
        await rm(path(), { force: true });
        expect(await host.apply([put(path(), 'new', { mode, verified: true })])).to.include({ changed: true });
        expect((await stat(path())).mode & 0o7777).to.equal(Number.parseInt(mode, 8));
      }
    });

    it('writes into a directory', async () => {
      const step = put(at, 'new', { into: 'the name' });
      expect(await host.apply([step])).to.include({ changed: true, failed: false });
      expect(await readFile(join(at, 'the name'), 'utf8')).to.equal('new');
    });

    it('fails where there is a directory, or none to write in', async () => {
      await mkdir(path());
      expect((await write('new')).msg).to.equal(`${path()} is a directory`);
      const lost = await host.apply([put(join(at, 'no', 'file'), 'new')]);
      expect(lost.msg).to.equal(`Destination directory ${join(at, 'no')} does not exist`);
    });

    it('leaves the old file and nothing else when there is no room', async () => {
      await writeFile(path(), 'old');
      const content = 'x'.repeat(40000);
      for (const one of [content, sh`head -c 40000 /dev/zero`]) {
        const { failed } = await host.apply([ensure(sh`false`, sh`ulimit -f 1`), put(path(), one)]);
        expect(failed).to.equal(true);
        expect([await readFile(path(), 'utf8'), await readdir(at)]).to.deep.equal(['old', ["it's"]]);
      }
    });

    it('leaves the old file and nothing else when it is ended', async () => {
      await writeFile(path(), 'old');
      const other = await openShellHost(argv);
      const writing = other.apply([put(path(), 'new', { validate: 'sleep 5' })]).catch(() => undefined);
      for (let tries = 0; tries < 200 && (await readdir(at)).length < 2; tries++) await sleep(10);
      expect(await readdir(at)).to.have.length(2);
      const { directory: own, pid } = other.channel.shell;
      await host.channel.run(endPrograms(pid, [own]));
      await writing;
      // The shell that is ended removes its file while it ends.
      for (let tries = 0; tries < 200 && (await readdir(at)).length > 1; tries++) await sleep(10);
      expect([await readFile(path(), 'utf8'), await readdir(at)]).to.deep.equal(['old', ["it's"]]);
    });
  });
}
