import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Target } from '../../src/connection/connection.ts';
import { Session } from '../../src/connection/session.ts';
import type { SshServer } from './ssh-server.ts';

/** A session with a test server, whose host key is known; nothing of the user's own configuration counts. */
export function sshSession(
  { hostKey, port }: Pick<SshServer, 'hostKey' | 'port'>,
  directory: string,
  target: Partial<Target> = {},
  environment: NodeJS.ProcessEnv = {},
): Session {
  const knownHosts = join(directory, `known_hosts-${port}`);
  appendFileSync(knownHosts, `[127.0.0.1]:${port} ${hostKey.public}\n`);
  const words = `-o UserKnownHostsFile=${knownHosts} -o GlobalKnownHostsFile=none ${target.sshArgs ?? '-F none'}`;
  return new Session(
    { name: 'web1', kind: 'ssh', address: '127.0.0.1', port, hostKeyChecking: true, ...target, sshArgs: words },
    environment,
  );
}

/** What a command writes to stdout, over a session that is closed then. */
export async function answerOf(session: Session, command: string): Promise<string> {
  try {
    const channel = await session.channel();
    const { frames, rc } = await channel.run(`m_0() { ${command}\n}; pb_run 0 '' 0`);
    expect(rc).to.equal(0);
    return frames[0]!.first.toString();
  } finally {
    await session.close();
  }
}
