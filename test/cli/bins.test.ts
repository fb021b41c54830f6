import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { runBin } from './run-bin.ts';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));

describe('cli: bins', () => {
  for (const name of ['play', 'bake', 'rollout', 'playbake']) {
    it(`${name} --version`, async () => {
      expect(await runBin(name, ['--version'])).to.deep.equal({ code: 0, stdout: `${name} ${version}\n`, stderr: '' });
    });
  }

  it('tell their version without the engine', async () => {
    const bare = mkdtempSync(join(tmpdir(), 'playbake-'));
    const root = join(import.meta.dirname, '../..');
    for (const file of ['bin/play.js', 'bin/package.json', 'dist/start.cjs'])
      cpSync(join(root, file), join(bare, file));
    const { stdout } = await promisify(execFile)(process.execPath, [join(bare, 'bin/play.js'), '--version']);
    rmSync(bare, { recursive: true });
    expect(stdout).to.equal(`play ${version}\n`);
  });

  it('playbake rollout is rollout, which shows its verbs', async () => {
    const [one, other] = await Promise.all([runBin('playbake', ['rollout', '--help']), runBin('rollout', ['--help'])]);
    expect(one).to.deep.equal(other);
    expect(one.stdout).to.match(/^Usage: rollout VERB/);
    const { code, stderr } = await runBin('rollout', ['unlok']);
    expect([code, stderr]).to.deep.equal([5, 'ERROR! rollout has no verb "unlok"\n  hint: did you mean unlock?\n']);
  });

  it('playbake bake is bake', async () => {
    const [one, other] = await Promise.all([runBin('playbake', ['bake', '--help']), runBin('bake', ['--help'])]);
    expect(one).to.deep.equal(other);
    expect(one.stdout).to.match(/^Usage: bake PLAYBOOK/);
  });

  it('playbake shows its verbs', async () => {
    for (const args of [[], ['--help'], ['help']]) {
      const { code, stdout } = await runBin('playbake', args);
      expect(code).to.equal(0);
      expect(stdout).to.match(/^Usage: playbake VERB/);
    }
    const { code, stderr } = await runBin('playbake', ['plai']);
    expect(code).to.equal(5);
    expect(stderr).to.equal('ERROR! playbake has no verb "plai"\n  hint: did you mean play?\n');
  });

  it('playbake play is play', async () => {
    const [one, other] = await Promise.all([runBin('playbake', ['play', '--help']), runBin('play', ['--help'])]);
    expect(one).to.deep.equal(other);
    expect(one.stdout).to.match(/^Usage: play PLAYBOOK/);
  });

  it('playbake sandbox refuses what it does not know', async () => {
    const cases: readonly (readonly [args: readonly string[], message: string])[] = [
      [['upp'], 'the sandbox has no verb "upp"'],
      [['up', 'two'], 'sandbox up takes a number of hosts, not "two"'],
      [['status', 'web1'], 'sandbox status does not take "web1"'],
      [['ssh'], 'sandbox ssh takes the name of a host'],
      [['down', '--purgee'], 'sandbox down does not take "--purgee"'],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await runBin('playbake', ['sandbox', ...args]);
      expect(stderr).to.contain(`ERROR! ${message}\n`);
      expect(code).to.equal(5);
    }
    expect((await runBin('playbake', ['sandbox', '--help'])).stdout).to.match(/^Usage: playbake sandbox VERB/);
  });
});
