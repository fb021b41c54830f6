/** A host over SSH: by ssh2, or by the system's ssh where that is asked for or needed. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../fault.ts';
import type { Connection, Target } from './connection.ts';
import { HostKeys } from './host-key.ts';
import { needsOpenssh } from './needs-openssh.ts';
import { openOpenssh } from './openssh.ts';
import { atAddress } from './pace.ts';
import { openSsh } from './ssh.ts';
import { isTurnedAway } from './ssh-faults.ts';
import { type SshSettings, sshSettings } from './ssh-settings.ts';

export async function openSshHost(target: Target, environment: NodeJS.ProcessEnv): Promise<Connection> {
  const settings = await sshSettings(target, environment);
  const open = async (): Promise<Connection> => {
    if (target.kind === 'openssh') return openOpenssh(target, settings, environment);
    const hostKeys = await HostKeys.read(settings);
    if (await needsOpenssh(settings, hostKeys)) return openOpenssh(target, settings, environment);
    return openSsh(settings, hostKeys, environment);
  };
  return retrying(target.retries ?? 0, () => atAddress(addressOf(settings), open));
}

/** The same for all names of one sshd. */
function addressOf({ host, jumps, port, proxyCommand }: SshSettings): string {
  return JSON.stringify([host, port, jumps, proxyCommand ?? '']);
}

const WORTH_RETRYING: readonly string[] = ['host-unreachable', 'connection-timeout', 'connection-lost'];
/** Of a host that turns us away, where the inventory does not say how often to try. */
const PATIENCE = 5;

async function retrying(retries: number, open: () => Promise<Connection>): Promise<Connection> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof Fault) || !WORTH_RETRYING.includes(error.code)) throw error;
      const crowded = retries === 0 && isTurnedAway(error);
      if (attempt >= (crowded ? PATIENCE : retries)) throw error;
      await sleep(crowded ? crowdedPause(attempt) : ansiblePause(attempt));
    }
  }
}

/** 0, 1, 3, 7 … seconds, 30 at most; in milliseconds. */
function ansiblePause(attempt: number): number {
  return Math.min(2 ** attempt - 1, 30) * 1000;
}

/** From 0.1 to 2 seconds and by chance, so that those who were turned away together do not come back together. */
function crowdedPause(attempt: number): number {
  return 100 * 2 ** attempt * (0.5 + Math.random() / 2);
}
