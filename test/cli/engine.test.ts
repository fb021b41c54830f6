import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runBin } from './run-bin.ts';

const ROOT = join(import.meta.dirname, '../..');
const HELLO = join(import.meta.dirname, 'playbooks/hello.yml');

describe('the engine as built', () => {
  const directory = temporaryDirectory();

  it('starts from compiled code, which has what a play needs', () => {
    const { load } = createRequire(import.meta.url)('../../dist/start.cjs');
    expect(load().script.cachedDataRejected).to.equal(false);
    expect(readFileSync(join(ROOT, 'dist/engine.cache')).length).to.be.above(1_000_000);
  });

  it('runs as well without the compiled code, and with one that does not fit', async () => {
    const copy = join(directory(), 'copy');
    mkdirSync(copy);
    for (const part of ['bin', 'dist', 'package.json']) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const run = () =>
      promisify(execFile)(process.execPath, [join(copy, 'bin/play.js'), '-i', 'web1,', '-c', 'local', HELLO]);
    const whole = await run();
    truncateSync(join(copy, 'dist/engine.cache'), 100_000);
    expect(await run()).to.deep.equal(whole);
    rmSync(join(copy, 'dist/engine.cache'));
    expect(await run()).to.deep.equal(whole);
  });

  it("gives a user's module its own classes", async () => {
    const modules = join(directory(), 'modules');
    mkdirSync(modules);
    writeFileSync(
      join(modules, 'greet.mjs'),
      `import { Fault, module, Sh, run, sh } from 'playbake/module';
      import { Fault as Public } from ${JSON.stringify(`file://${ROOT}/dist/playbake.js`)};
      const same = Fault === Public && sh\`true\` instanceof Sh;
      export default module({
        doc: 'Greets.', args: {}, examples: '- greet:', plan: () => [run(sh\`echo \${'same: ' + same}\`)],
      });`,
    );
    const playbook = join(directory(), 'greet.yml');
    writeFileSync(playbook, '- hosts: all\n  gather_facts: false\n  tasks:\n    - greet:\n');
    const { code, stdout } = await runBin('play', ['-i', 'web1,', '-c', 'local', '-v', playbook]);
    expect(stdout).to.contain('same: true');
    expect(code).to.equal(0);
  });
});
