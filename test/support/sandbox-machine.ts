/** One real machine in a sandbox of its own, and how to reach it. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RECIPE } from '../../src/sandbox/base-image.ts';
import { homeAt } from '../../src/sandbox/home.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';

const exec = promisify(execFile);

export interface SandboxMachine {
  readonly address: string;
  readonly key: string;
  readonly knownHosts: string;
  stop(): Promise<void>;
}

export async function startSandboxMachine(): Promise<SandboxMachine> {
  const root = await mkdtemp('/var/tmp/playbake-test-');
  const home = homeAt(root);
  // The base takes long to make; where the user's own sandbox has one, that serves.
  const base = join(homeAt().bases, RECIPE);
  await mkdir(home.bases);
  if (existsSync(base)) await exec('cp', ['--archive', '--reflink=auto', base, home.bases]);
  const sandbox = new Sandbox({ home: root });
  const [machine] = await sandbox.up(1);
  return {
    address: machine?.address ?? '',
    key: home.key,
    knownHosts: home.knownHosts,
    stop: () => sandbox.down({ purge: true }),
  };
}
