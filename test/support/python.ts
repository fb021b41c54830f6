/** boto3 and moto as judges of the sandbox's API. Neither is fetched: they are there or not. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

export const PYTHON = process.env['BOTO3_PYTHON'] || 'python3';

/** Why a Python with these modules cannot judge here, or undefined. */
export async function pythonMissing(...modules: readonly string[]): Promise<string | undefined> {
  return exec(PYTHON, ['-c', `import ${modules.join(', ')}`]).then(
    () => undefined,
    () => `${PYTHON} has no ${modules.join(' and ')} ($BOTO3_PYTHON)`,
  );
}

/** Runs a script of test/judges; rejected when it fails. */
export async function python(script: string, ...words: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  // No compiled files among the sources.
  return exec(PYTHON, ['-B', join(import.meta.dirname, '../judges', script), ...words]);
}
