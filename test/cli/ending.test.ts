import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

const ROOT = join(import.meta.dirname, '../..');

function run(args: readonly string[], onOutput: (text: string, kill: (signal: NodeJS.Signals) => void) => void) {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const hear = (text: string) => {
    output += text;
    onOutput(text, (signal) => child.kill(signal));
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, output }));
  });
}

describe('cli: endings', () => {
  it('the first Ctrl-C aborts, the second ends at once with 99', async () => {
    const script = `
      import { interruptible } from './src/cli/interruptible.ts';
      interruptible().signal.addEventListener('abort', () => console.log('aborted'));
      setInterval(() => {}, 1000);
      console.log('ready');`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', script];
    const { code, output } = await run(args, (_, kill) => kill('SIGINT'));
    expect({ code, output }).to.deep.equal({ code: 99, output: 'ready\naborted\n' });
  });

  it('a bug of ours ends with 250, its trace and the wish to hear of it', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'playbake-'));
    for (const part of ['bin', 'dist', 'package.json'])
      cpSync(join(ROOT, part), join(broken, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(broken, 'node_modules'));
    const engine = join(broken, 'dist/engine.cjs');
    const source = readFileSync(engine, 'latin1');
    const changed = source.replace(/function missingPlaybook\(\w+\)\{/, '$&throw new TypeError("broken");');
    expect(changed).to.not.equal(source);
    writeFileSync(engine, changed, 'latin1');
    const { code, output } = await run([join(broken, 'bin/play.js'), 'a.yml'], () => {});
    rmSync(broken, { recursive: true });
    expect(code).to.equal(250);
    expect(output).to.match(
      /^ERROR! This is a bug in playbake, not in your playbook\. Please report it with these lines:\n/,
    );
    expect(output).to.match(/TypeError: broken\n {4}at missingPlaybook \(.*\/dist\/engine\.cjs:\d+:\d+\)\n/);
  });
});
