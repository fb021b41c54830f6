/** What the system's ssh says when it cannot connect, as Faults. */

import { Fault, type FaultCode } from '../fault.ts';
import { asTurnedAway } from './ssh-faults.ts';
import type { SshSettings } from './ssh-settings.ts';

const KINDS: readonly (readonly [code: FaultCode, words: RegExp, hint?: string])[] = [
  [
    'host-key-changed',
    /REMOTE HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY/i,
    'if the host was set up anew, forget the old key with `ssh-keygen -R`',
  ],
  [
    'host-key-unknown',
    /Host key verification failed|host key is known/i,
    'add the key with `ssh-keyscan` after comparing its fingerprint, or trust any key with ansible_host_key_checking=false',
  ],
  [
    'host-unresolved',
    /Could not resolve hostname/i,
    'mend the name in the inventory, or set ansible_host to an address',
  ],
  [
    'auth-failed',
    /Permission denied|Too many authentication failures/i,
    'see ansible_user, ansible_ssh_private_key_file (--private-key), and ansible_password (-k)',
  ],
  [
    'connection-timeout',
    /timed out|Timeout/i,
    'see whether the host is up and a firewall lets SSH through; ansible_timeout sets how long to wait',
  ],
  [
    'config-invalid',
    /Bad configuration option|command-line line|terminating, \d+ bad/i,
    'mend the ssh arguments or the file',
  ],
  ['host-unreachable', /ENOENT/, 'install the OpenSSH client on this machine, or set ansible_connection=ssh'],
];

export function opensshFault({ host, name, port }: SshSettings, said: string): Fault {
  const [code, , hint] = KINDS.find(([, words]) => words.test(said)) ?? ['host-unreachable' as const];
  const offending = /Offending .* key in (.+):(\d+)/.exec(said);
  const where = offending ? { file: offending[1]!, line: Number(offending[2]) } : undefined;
  const place = where ? ` (the known key is in ${where.file}:${where.line})` : '';
  const fault = new Fault(code, `${name}: ssh cannot connect to ${host} port ${port}: ${lastWords(said)}${place}`, {
    hint,
    where,
  });
  return code === 'host-unreachable' && HUNG_UP.test(said) ? asTurnedAway(fault) : fault;
}

/** The exchange of versions comes before all else. */
const HUNG_UP = /(?:kex|ssh)_exchange_identification: (?:read: )?(?:Connection (?:closed|reset)|banner line)/i;

/** ssh draws attention with frames of @ and many lines; the last line says what it comes to. */
function lastWords(said: string): string {
  const lines = said.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^@|^Connection closed by/.test(line));
  return lines.slice(-2).join(' ') || said;
}
