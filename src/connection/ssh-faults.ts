/** Errors of sockets and of ssh2 as Faults that say what to do now. */

import { Fault } from '../fault.ts';
import type { SshSettings } from './ssh-settings.ts';

/** An error while connecting to `host`:`port`. */
export function socketFault({ host, name, port }: SshSettings, error: Error): Fault {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NONAME') {
    return new Fault('host-unresolved', `${name}: the host name ${host} cannot be resolved`, {
      hint: 'mend the name in the inventory, or set ansible_host to an address',
      cause: error,
    });
  }
  if (code === 'ETIMEDOUT') return timeoutFault({ host, name, port }, 'does not answer');
  const words = REASONS[code] ?? (error.message || code);
  return new Fault('host-unreachable', `${name}: cannot connect to ${host} port ${port}: ${words}`, {
    hint: code === 'ECONNREFUSED' ? 'see whether sshd runs there, and set ansible_port if it is another' : undefined,
    cause: error,
  });
}

const REASONS: { readonly [code: string]: string } = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  EACCES: 'permission denied by this machine',
};

export function timeoutFault(
  { host, name, port, timeout }: Pick<SshSettings, 'host' | 'name' | 'port'> & { readonly timeout?: number },
  what: string,
): Fault {
  const within = timeout === undefined ? '' : ` within ${timeout} s`;
  return new Fault('connection-timeout', `${name}: ${host} port ${port} ${what}${within}`, {
    hint: 'see whether the host is up and a firewall lets SSH through; ansible_timeout sets how long to wait',
  });
}

/** `tried` in the order in which it was; `allowed` is what the server would take. */
export function refusedFault(
  { host, name, port, user }: SshSettings,
  tried: readonly string[],
  allowed: readonly string[],
  because = '',
): Fault {
  const where = port === 22 ? host : `${host} port ${port}`;
  const takes = allowed.length > 0 ? `; it takes ${allowed.join(', ')}` : '';
  return new Fault(
    'auth-failed',
    `${name}: ${where} refuses the login as ${user}${because}: tried ${tried.join(', ')}${takes}`,
    {
      hint: 'see ansible_user, ansible_ssh_private_key_file (--private-key), and ansible_password (-k)',
    },
  );
}

/** The other side broke off before the login. */
export function brokenFault({ host, name, port }: SshSettings, why: string): Fault {
  const hint = /no matching/i.test(why)
    ? 'set ansible_connection=openssh, whose algorithms can be chosen in ssh_config'
    : 'see the log of sshd on the host, and MaxStartups in its sshd_config';
  return new Fault('host-unreachable', `${name}: ${host} port ${port} broke off before the login: ${why}`, { hint });
}

const turnedAway = new WeakSet<Fault>();

/** Notes that the host hung up before it said a word of SSH, as sshd does while too many are logging in. */
export function asTurnedAway(fault: Fault): Fault {
  turnedAway.add(fault);
  return fault;
}

export function isTurnedAway(fault: Fault): boolean {
  return turnedAway.has(fault);
}
