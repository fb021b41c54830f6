/** Terraform as a process beside us: it speaks to the terminal itself. */

import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../fault.ts';

export interface TerraformRun {
  readonly directory: string;
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * Runs it to its end, and gives its exit code. Throws `terraform-missing`. Its process group is its own, so that a Ctrl-C
 * comes to it once, from us: at the second one it would end in the midst of what it does.
 */
export function runTerraform({ directory, words, env, signal }: TerraformRun): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('terraform', words, {
      cwd: directory,
      env: { ...env, TF_IN_AUTOMATION: '1', TF_INPUT: '0' },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    const stop = () => void child.kill('SIGINT');
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    child.once('error', (cause) => reject(notRun(cause)));
    child.once('close', (code, killed) => {
      signal.removeEventListener('abort', stop);
      resolve(code ?? (killed === null ? 1 : 128));
    });
  });
}

/** Throws `terraform-failed` for a directory in which it cannot work. */
export function checkDirectory(directory: string, env: TerraformRun['env']): void {
  if (!readdirSync(directory).some((name) => /\.tf(?:\.json)?$/.test(name))) {
    throw new Fault('terraform-failed', `${directory} holds no configuration of Terraform's`, {
      hint: 'correct  terraform: { directory: ... }  in playbake.yml',
    });
  }
  if (existsSync(join(directory, env['TF_DATA_DIR'] ?? '.terraform'))) return;
  throw new Fault('terraform-failed', `Terraform is not initialized in ${directory}`, {
    hint: `terraform -chdir=${directory} init`,
  });
}

function notRun(cause: Error): Fault {
  if (!('code' in cause) || cause.code !== 'ENOENT') {
    return new Fault('terraform-failed', `Terraform cannot be run: ${cause.message}`, { cause });
  }
  return new Fault('terraform-missing', 'there is no terraform in $PATH', {
    hint: 'install it, or leave  --engine terraform  away: then playbake replaces instances itself',
    cause,
  });
}
