/** How SSH reaches an instance of a fleet: as the user's own configuration says, but for the host key. */

import { join } from 'node:path';
import type { SshConfig } from '../../../config/fleet.ts';
import type { Target } from '../../../connection/connection.ts';

/**
 * An address is given to one instance after the other, so a host key is known by the instance's id: the first one that it
 * shows is noted, and held to from then on. As arguments of ssh. @param directory of the project's own files (`.playbake`).
 */
export function hostKeyArguments(id: string, directory: string): string {
  const options = [
    `UserKnownHostsFile="${join(directory, 'known_hosts')}" /dev/null`,
    'GlobalKnownHostsFile=/dev/null',
    `HostKeyAlias=${id}`,
    'StrictHostKeyChecking=accept-new',
  ];
  return options.map((option) => `-o ${JSON.stringify(option)}`).join(' ');
}

export function instanceTarget(id: string, address: string, ssh: SshConfig, directory: string): Target {
  return {
    name: id,
    kind: 'ssh',
    address,
    user: ssh.user,
    ...(ssh.privateKey !== undefined && { privateKey: ssh.privateKey }),
    sshArgs: `${hostKeyArguments(id, directory)} -o ServerAliveInterval=15`,
    hostKeyChecking: true,
    timeout: 15,
  };
}
