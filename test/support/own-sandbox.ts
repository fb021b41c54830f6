/** A sandbox for one suite, so that the user's own is not touched; base images are shared, because they take long to make. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RECIPE } from '../../src/sandbox/base-image.ts';
import { homeAt } from '../../src/sandbox/home.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';

const exec = promisify(execFile);

export interface OwnSandbox {
  readonly home: string;
  readonly sandbox: Sandbox;
}

/** With so many machines up. Take it down with `sandbox.down({ purge: true })`. */
export async function ownSandbox(machines: number): Promise<OwnSandbox> {
  const home = await mkdtemp('/var/tmp/playbake-test-');
  const shared = join(homeAt().bases, RECIPE);
  const own = join(homeAt(home).bases, RECIPE);
  if (existsSync(shared)) await copy(shared, own);
  const sandbox = new Sandbox({ home });
  await sandbox.up(machines);
  if (!existsSync(shared)) await copy(own, shared);
  return { home, sandbox };
}

/** Whole or not at all. */
async function copy(from: string, to: string): Promise<void> {
  await mkdir(join(to, '..'), { recursive: true });
  await exec('cp', ['--archive', '--reflink=auto', from, `${to}.copy`]);
  await rename(`${to}.copy`, to);
}
