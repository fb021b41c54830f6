/** A host over SSH: by ssh2, or by the system's ssh where that is asked for or needed. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../fault.ts';
import type { Connection, Target } from './connection.ts';
import { HostKeys } from './host-key.ts';
import { needsOpenssh } from './needs-openssh.ts';
import { openOpenssh } from './openssh.ts';
import { openSsh } from './ssh.ts';
import { sshSettings } from './ssh-settings.ts';

export async function openSshHost(target: Target, environment: NodeJS.ProcessEnv): Promise<Connection> {
  const settings = await sshSettings(target, environment);
  return retrying(target.retries ?? 0, async () => {
    if (target.kind === 'openssh') return openOpenssh(target, settings, environment);
    const hostKeys = await HostKeys.read(settings);
    if (await needsOpenssh(settings, hostKeys)) return openOpenssh(target, settings, environment);
    return openSsh(settings, hostKeys, environment);
  });
}

const WORTH_RETRYING: readonly string[] = ['host-unreachable', 'connection-timeout', 'connection-lost'];

/** Waits as Ansible does: 0, 1, 3, 7 … seconds, 30 at most. */
async function retrying(retries: number, open: () => Promise<Connection>): Promise<Connection> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await open();
    } catch (error) {
      if (attempt >= retries || !(error instanceof Fault) || !WORTH_RETRYING.includes(error.code)) throw error;
      await sleep(Math.min(2 ** attempt - 1, 30) * 1000);
    }
  }
}
