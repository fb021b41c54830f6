import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs a bin as built, with nothing of Ansible's in its environment. */
export function runBin(name: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { child, outcome } = startBin(name, args, options);
  child.stdin.end(options.input ?? '');
  return outcome;
}

export function startBin(name: string, args: readonly string[], { cwd = ROOT, env = {} }: RunOptions = {}) {
  const clean = Object.entries(process.env).filter(
    ([key]) => !/^(ANSIBLE_|NO_COLOR|FORCE_COLOR|NODE_OPTIONS)/.test(key),
  );
  const child = spawn(process.execPath, [join(ROOT, 'bin', `${name}.js`), ...args], {
    cwd,
    env: { ...Object.fromEntries(clean), ...env },
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, outcome };
}
