/** What an SSH client and Ansible need to reach the machines. */

import { USER } from './base-image.ts';

export interface Reachable {
  readonly name: string;
  readonly address: string;
  /** The public host key: type, key and maybe a comment. */
  readonly hostKey: string;
}

export const GROUP = 'ec2_instances';

/** An inventory in INI form. `key` and `knownHosts` are paths. */
export function inventoryText(machines: readonly Reachable[], key: string, knownHosts: string): string {
  const hosts = machines.map(({ name, address }) => `${name} ansible_host=${address}`);
  return `[${GROUP}]
${hosts.map((line) => `${line}\n`).join('')}
[${GROUP}:vars]
ansible_user=${USER}
ansible_ssh_private_key_file=${key}
ansible_ssh_common_args='-o UserKnownHostsFile=${knownHosts}'
ansible_python_interpreter=/usr/bin/python3
`;
}

export function knownHostsText(machines: readonly Reachable[]): string {
  const lines = machines.map(({ name, address, hostKey }) => {
    const [type = '', key = ''] = hostKey.trim().split(' ');
    return `${name},${address} ${type} ${key}\n`;
  });
  return lines.join('');
}

/** The words of an ssh command to a machine; `command` is joined by the shell over there, as ssh does. */
export function sshWords(
  address: string,
  key: string,
  knownHosts: string,
  command: readonly string[],
): readonly string[] {
  const options = ['IdentitiesOnly=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${knownHosts}`];
  return [
    'ssh',
    '-F',
    'none',
    '-i',
    key,
    ...options.flatMap((option) => ['-o', option]),
    `${USER}@${address}`,
    ...command,
  ];
}
