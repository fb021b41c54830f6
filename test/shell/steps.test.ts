import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { compile } from '../../src/shell/compile.ts';
import { script, sh } from '../../src/shell/sh.ts';
import { ensure, fail, put, read, run, set, when } from '../../src/shell/steps.ts';
import { openShellHost, type ShellHost } from '../support/shell-host.ts';
import { SHELLS } from '../support/shells.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

for (const [name, argv] of SHELLS) {
  describe(`steps on ${name}`, () => {
    const directory = temporaryDirectory();
    let host: ShellHost;

    before(async () => {
      host = await openShellHost(argv, { HOME: directory(), LC_ALL: 'C.UTF-8' });
    });

    after(() => host.close());

    /** The next program runs as if nothing had been. */
    const isWell = async () => {
      expect((await host.apply([run(sh`echo well`)])).values['stdout']).to.equal('well');
    };
    const stdout = async (command: ReturnType<typeof sh>) => (await host.apply([run(command)])).values['stdout'];

    describe('run', () => {
      for (const value of [
        "it's",
        'a "b" c',
        '$(echo no) `echo no` ${HOME}',
        'one\n\n  two',
        'back\\slash \\n',
        'naïve 日本 😀',
        '-n',
        '',
      ]) {
        it(`takes ${JSON.stringify(value)}`, async () => {
          expect(await stdout(sh`printf %s ${value}`)).to.equal(value);
        });
      }

      it('gives bytes of any kind', async () => {
        const program = compile([run(sh`printf '\377\000\001@\n\n'; printf 'e\000' >&2`)], {
          check: false,
          diff: false,
        });
        const { frames } = await host.channel.run(program.text);
        expect([...frames[0]!.first]).to.deep.equal([255, 0, 1, 64, 10, 10]);
        expect([...frames[0]!.second]).to.deep.equal([101, 0]);
      });

      it('gives the same bytes whether the shell itself reads them or not', async () => {
        for (const length of [1, 1998, 1999, 2000, 2001, 70000]) {
          const text = `${'x y\n'.repeat(length / 4)}\n\n`;
          const both = sh`printf %s ${text}; printf %s ${text} >&2`;
          const { frames } = await host.channel.run(compile([run(both)], { check: false, diff: false }).text);
          expect([frames[0]!.first.toString(), frames[0]!.second.toString()]).to.deep.equal([text, text]);
        }
      });

      it('gives what was written over and over', async () => {
        expect(await stdout(sh`echo one; echo three >/dev/stdout; echo two >>/dev/stdout`)).to.be.a('string');
        await isWell();
      });

      it('gives what looks like a frame', async () => {
        const { directory: own } = host.channel.shell;
        const nonce = own.replace(/^.*\.pb-/, '');
        const text = `@${nonce} end done 0 0 0\n\n@${nonce} 0 ran 0 1 0\nx`;
        expect(await stdout(sh`printf %s ${text}`)).to.equal(text);
        await isWell();
      });

      it('gives megabytes', async () => {
        const text = await stdout(sh`yes 0123456789abcde | head -c 5000000`);
        expect(text).to.have.length(4999999);
      });

      it('gives stdout and stderr apart, taken to lines', async () => {
        const { changed, values } = await host.apply([run(sh`printf 'a\n\nb'; printf 'c\n' >&2`)]);
        expect(changed).to.equal(true);
        expect(values).to.deep.equal({
          rc: 0,
          stdout: 'a\n\nb',
          stdout_lines: ['a', '', 'b'],
          stderr: 'c',
          stderr_lines: ['c'],
        });
      });

      it('finds nothing on stdin', async () => {
        expect(await stdout(sh`cat; echo end`)).to.equal('end');
        await isWell();
      });

      it('fails with the exit code', async () => {
        const { failed, msg, values } = await host.apply([run(sh`echo why; exit 7`), run(sh`echo not reached`)]);
        expect([failed, msg, values['rc'], values['stdout']]).to.deep.equal([true, undefined, 7, 'why']);
      });

      it('takes exit codes that are no failure, and judges', async () => {
        const judged = run(sh`exit 3`, { ok: [0, 3], changed: ({ rc }) => rc === 0 });
        expect(await host.apply([judged])).to.include({ failed: false, changed: false });
        expect(await host.apply([run(sh`exit 9`, { ok: 'any' })])).to.include({ failed: false, changed: true });
      });

      it('is left out where its condition holds', async () => {
        const step = run(sh`echo no`, { unless: sh`[ -d ${directory()} ]` });
        expect(await host.apply([step])).to.deep.include({ failed: false, changed: false, values: {} });
      });

      it("has the C locale, and the user's own where it is the user's", async () => {
        expect(await stdout(sh`echo $LC_ALL`)).to.equal('C');
        const own = await host.apply([run(sh`echo $LC_ALL`, { user: true })]);
        expect(own.values['stdout']).to.equal('C.UTF-8');
      });

      it('has the environment of its task and of no other', async () => {
        const own = await host.apply([run(sh`echo "$GREETING"`)], { environment: { GREETING: "it's" } });
        expect(own.values['stdout']).to.equal("it's");
        expect(await stdout(sh`echo "[$GREETING]"`)).to.equal('[]');
      });

      it('tells its last line while it runs', async () => {
        const { text } = compile([run(sh`echo one; sleep 1.3; echo two`)], { check: false, diff: false, watch: true });
        const lines: string[] = [];
        const { frames } = await host.channel.run(text, { onProgress: (line) => lines.push(line) });
        expect(lines).to.deep.equal(['one']);
        expect(frames[0]!.first.toString()).to.equal('one\ntwo\n');
      });
    });

    describe('outlives', () => {
      it('a step that exits', async () => {
        const { failed, msg } = await host.apply([ensure(sh`false`, sh`exit 5`), run(sh`echo not reached`)]);
        expect([failed, msg]).to.deep.equal([true, 'exit code 5']);
        await isWell();
      });

      it('a step that exits as if all were well', async () => {
        const { failed, msg } = await host.apply([ensure(sh`false`, sh`exit 0`), run(sh`echo not reached`)]);
        expect([failed, msg]).to.deep.equal([true, 'exit code 1']);
        await isWell();
      });

      it('a step that kills its shell', async () => {
        const { failed } = await host.apply([run(sh`sh -c ${'kill -9 $PPID'}; sleep 0.1; exit 1`)]);
        expect(failed).to.equal(true);
        await isWell();
      });

      it('a step that leaves a daemon with its output', async () => {
        const start = Date.now();
        const noise = sh`(while :; do echo noise; echo noise >&2; sleep 0.01; done) & echo $!`;
        const said = String(await stdout(noise));
        expect(Date.now() - start).to.be.below(1000);
        try {
          for (let index = 0; index < 10; index++) expect(await stdout(sh`echo ${index}`)).to.equal(String(index));
        } finally {
          process.kill(Number(/\d+/.exec(said)![0]));
        }
      });

      for (const text of ['if then', '"', "echo 'a", 'fi', '}', ')', 'echo $(', 'cat <<EOF']) {
        it(`what is no shell: ${text}`, async () => {
          const path = join(directory(), 'not-reached');
          const { failed } = await host.apply([run(script(text)), run(sh`: >${path}`)]);
          if (text !== 'cat <<EOF') expect([failed, existsSync(path)]).to.deep.equal([true, false]);
          await isWell();
        });
      }

      it('a step that changes all that a shell has', async () => {
        const wreck = script(
          'set -eu -f; IFS=x; cd /; umask 777; trap "" TERM; exec >/dev/null 2>&1; PATH=/nowhere; unset HOME; pb_n=; false',
        );
        expect(await host.apply([ensure(sh`false`, wreck)])).to.include({ failed: true });
        await isWell();
      });
    });

    describe('ensure', () => {
      const path = () => join(directory(), 'ensured');
      const there = () => ensure(sh`[ -e ${path()} ]`, sh`: >${path()}`);

      it('changes nothing in check mode and says that it would', async () => {
        expect(await host.apply([there()], { check: true })).to.include({ changed: true, failed: false });
        expect(existsSync(path())).to.equal(false);
      });

      it('makes it so, once', async () => {
        expect(await host.apply([there()])).to.include({ changed: true });
        expect(existsSync(path())).to.equal(true);
        expect(await host.apply([there()])).to.include({ changed: false });
      });

      it('ends the program when it cannot, with what was said', async () => {
        const { failed, msg, values } = await host.apply([
          ensure(sh`false`, sh`echo no way >&2; return 4`),
          run(sh`echo no`),
        ]);
        expect([failed, msg, values]).to.deep.equal([true, 'no way', {}]);
      });

      it('fails in check mode too where it only demands', async () => {
        const demand = ensure(sh`[ -e ${'/nowhere'} ]`, fail("there's nothing"));
        for (const check of [true, false]) {
          expect(await host.apply([demand], { check })).to.include({
            failed: true,
            changed: false,
            msg: "there's nothing",
          });
        }
      });
    });

    it('set reads, compares and makes, with a diff', async () => {
      const path = join(directory(), 'value');
      const step = (want: string) =>
        set('value', sh`cat ${path} 2>/dev/null`, want, sh`printf '%s\n' ${want} >${path}`);
      expect(await host.apply([step('a b')], { check: true })).to.include({ changed: true });
      expect(existsSync(path)).to.equal(false);
      const first = await host.apply([step('a b')]);
      expect(first.diff).to.deep.equal([{ name: 'value', before: '', after: 'a b' }]);
      const second = await host.apply([step('c\nd')]);
      expect(second.diff).to.deep.equal([{ name: 'value', before: 'a b', after: 'c\nd' }]);
      expect(await host.apply([step('c\nd')])).to.deep.include({ changed: false, diff: [] });
      expect(await readFile(path, 'utf8')).to.equal('c\nd\n');
    });

    it('set and read take a value that their piece assigns, in every byte', async () => {
      const path = join(directory(), 'assigned');
      const value = 'a  b\n\n*\\c';
      const assigning = { assigns: true };
      const step = set('value', sh`v=$kept`, value, sh`printf %s ${value} >${path} && kept=${value}`, assigning);
      const told = read(sh`v=$kept; return 4`, ({ rc, stdout: text }) => ({ rc, text }), assigning);
      const { changed, diff, values } = await host.apply([step, step, told]);
      expect([changed, diff]).to.deep.equal([true, [{ name: 'value', before: '', after: value }]]);
      expect(values).to.deep.equal({ rc: 4, text: value });
      expect(await readFile(path, 'utf8')).to.equal(value);
      expect(
        (await host.apply([read(sh`echo not taken`, ({ stdout: text }) => ({ text }), assigning)])).values,
      ).to.deep.equal({ text: '' });
    });

    it('read answers in check mode too and is never a change', async () => {
      const step = read(sh`echo 42; return 3`, ({ rc, stdout: text }) => ({ rc, answer: Number(text) }));
      const { changed, failed, values } = await host.apply([step], { check: true });
      expect([changed, failed, values]).to.deep.equal([false, false, { rc: 3, answer: 42 }]);
    });

    it('run is left out in check mode, unless it is harmless', async () => {
      expect(await host.apply([run(sh`echo no`)], { check: true })).to.deep.include({ skipped: true, values: {} });
      const harmless = await host.apply([run(sh`echo yes`, { harmless: true })], { check: true });
      expect(harmless.values['stdout']).to.equal('yes');
    });

    it('when takes one way', async () => {
      const way = (test: ReturnType<typeof sh>) =>
        when(test, [run(sh`echo then`)], [when(sh`true`, [run(sh`echo otherwise`)])]);
      expect((await host.apply([way(sh`true`)])).values['stdout']).to.equal('then');
      expect((await host.apply([way(sh`false`)])).values['stdout']).to.equal('otherwise');
      const failing = await host.apply([when(sh`true`, [run(sh`exit 2`)]), run(sh`echo no`)]);
      expect([failing.failed, failing.values['rc']]).to.deep.equal([true, 2]);
    });

    it('nothing to do is nothing done', async () => {
      expect(await host.apply([false, null, undefined, ''])).to.include({ changed: false, failed: false });
    });

    it('a train stops where one of its programs fails', async () => {
      const { channel } = host;
      const path = join(directory(), 'derailed');
      const texts = [sh`true`, sh`false`, sh`: >${path}`].map(
        (command) => compile([run(command)], { check: false, diff: false }).text,
      );
      const send = async (text: string | undefined, first: number, task: number) =>
        (await channel.run(text ?? '', { place: { first, task } })).refused;
      const [yes, no, write] = texts;
      expect(await Promise.all([send(yes, 1, 1), send(no, 1, 2), send(write, 1, 3)])).to.deep.equal([
        false,
        false,
        true,
      ]);
      expect(existsSync(path)).to.equal(false);
      // Of the task that failed, of no train, of a later train; then the first train is still refused.
      expect(await Promise.all([send(yes, 1, 2), send(no, 0, 0), send(yes, 4, 4), send(yes, 1, 5)])).to.deep.equal([
        false,
        false,
        false,
        true,
      ]);
      expect(await send(write, 5, 5)).to.equal(false);
      expect(existsSync(path)).to.equal(true);
    });

    it('a job goes on by itself', async () => {
      const { text } = compile([run(sh`sleep 0.2; echo done`)], { check: false, diff: false });
      const start = Date.now();
      expect((await host.channel.start('j1', 10, text)).rc).to.equal(0);
      expect(Date.now() - start).to.be.below(190);
      const file = join(directory(), '.ansible_async', 'j1');
      expect(await readFile(file, 'latin1')).to.match(/^@\w+ job started 0 /);
      for (let tries = 0; tries < 500 && !(await readFile(file, 'latin1')).includes(' end done 0 '); tries++) {
        await stdout(sh`sleep 0.02`);
      }
      expect(await readFile(file, 'latin1')).to.match(/^@\w+ 0 ran 0 5 0[^\n]*\ndone\n\n@\w+ end done 0 /m);
    });

    it('a job that takes too long is ended', async () => {
      const { text } = compile([run(sh`sleep 20; echo done`)], { check: false, diff: false });
      expect((await host.channel.start('j2', 1, text)).rc).to.equal(0);
      const file = join(directory(), '.ansible_async', 'j2');
      for (let tries = 0; tries < 500 && !(await readFile(file, 'latin1')).includes(' end late 1 '); tries++) {
        await stdout(sh`sleep 0.02`);
      }
      expect(await readFile(file, 'latin1'))
        .to.match(/ end late 1 /)
        .and.not.to.include('done\n');
    });

    it('a shell that is told to end removes its files, busy or not', async () => {
      for (const busy of [false, true]) {
        const other = await openShellHost(argv);
        const { directory: own } = other.channel.shell;
        if (busy) void other.apply([run(sh`sleep 5`)]).catch(() => undefined);
        await isWell();
        expect(existsSync(own)).to.equal(true);
        other.channel.destroy();
        await other.channel.ended;
        // On a busy machine its last commands may still be at work.
        for (let tries = 0; tries < 500 && existsSync(own); tries++) await sleep(10);
        expect(existsSync(own)).to.equal(false);
      }
    });

    it('content that is neither text nor small must be uploaded', () => {
      expect(() => compile([put('/x', new Uint8Array(70000))], { check: false, diff: false })).to.throw(
        'must be uploaded',
      );
    });
  });
}
