/** Where the playbook of an image comes from. */

import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { DescribedTask } from '../../play/description.ts';
import { Places } from '../fingerprint/places.ts';
import type { Source } from './manifest.ts';

const exec = promisify(execFile);

/** @param project the directory from which paths are told. */
export async function sourceOf(playbook: string, project: string, tasks: readonly DescribedTask[]): Promise<Source> {
  const directory = dirname(playbook);
  const git = async (...args: readonly string[]): Promise<string | undefined> =>
    exec('git', ['-C', directory, ...args], { env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' } }).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
  const commit = await git('rev-parse', 'HEAD');
  const [status, remote] =
    commit === undefined
      ? []
      : await Promise.all([git('status', '--porcelain', '--', '.'), git('remote', 'get-url', 'origin')]);
  return {
    playbook: new Places(project).name(playbook),
    roles: [...new Set(tasks.flatMap(({ role }) => role ?? []))].sort(),
    ...(commit !== undefined && { commit, modified: status !== '' }),
    ...(remote !== undefined && { remote: withoutCredentials(remote) }),
  };
}

/** `https://user:token@host/x` is `https://host/x`. */
function withoutCredentials(remote: string): string {
  return remote.replace(/^(\w+:\/\/)[^/@]*@/, '$1');
}
