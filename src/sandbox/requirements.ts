/** What a machine must have so that the sandbox can run on it. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { getuid, platform } from 'node:process';
import { Fault } from '../fault.ts';
import { attempt } from './run.ts';

export interface Requirement {
  /** What is missing. */
  readonly what: string;
  /** How to get it: a command to run, or a sentence. */
  readonly how: string;
}

/** Programs and the Debian packages they come in. */
const PROGRAMS: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  'systemd-nspawn': 'systemd-container',
  ip: 'iproute2',
  nft: 'nftables',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  flock: 'util-linux',
  mount: 'mount',
};
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Bits of the effective capability set: CAP_NET_ADMIN, CAP_SYS_ADMIN. */
const CAPABILITIES = (1n << 12n) | (1n << 21n);

/** What is missing on this machine; empty when the sandbox can run. */
export async function requirements(): Promise<readonly Requirement[]> {
  if (platform !== 'linux') return [{ what: 'Linux', how: 'run it on a Debian or Ubuntu machine' }];
  const missing: Requirement[] = [];
  if (getuid?.() !== 0) missing.push({ what: 'root', how: 'run it with sudo' });
  else if (!(await isPrivileged())) {
    missing.push({ what: 'the powers of root', how: 'leave the container, or start it with --privileged' });
  }
  if (!existsSync('/usr/bin/apt-get')) missing.push({ what: 'apt', how: 'run it on a Debian or Ubuntu machine' });
  for (const [program, source] of Object.entries(PROGRAMS)) {
    if (!(await isInstalled(program))) missing.push({ what: program, how: `apt-get install -y ${source}` });
  }
  if (!existsSync(KEYRING))
    missing.push({ what: 'the keys of Debian', how: 'apt-get install -y debian-archive-keyring' });
  if (!(await hasOverlay())) missing.push({ what: 'overlayfs', how: 'modprobe overlay' });
  return missing;
}

/** One sentence for what is missing: all packages in one command. */
export function unavailable(missing: readonly Requirement[]): Fault {
  const install = 'apt-get install -y ';
  const packages = missing.filter(({ how }) => how.startsWith(install)).map(({ how }) => how.slice(install.length));
  const others = missing.filter(({ how }) => !how.startsWith(install)).map(({ how }) => how);
  const ways = [...new Set(packages)].length > 0 ? [install + [...new Set(packages)].join(' '), ...others] : others;
  const what = missing.map((requirement) => requirement.what).join(', ');
  return new Fault('sandbox-unavailable', `the sandbox cannot run here: it needs ${what} (${ways.join('; ')})`);
}

async function isInstalled(program: string): Promise<boolean> {
  return (await attempt(['sh', '-c', 'command -v "$1"', 'sh', program])).status === 0;
}

async function isPrivileged(): Promise<boolean> {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${effective}`) & CAPABILITIES) === CAPABILITIES;
}

async function hasOverlay(): Promise<boolean> {
  const known = async () => /\toverlay$/m.test(await readFile('/proc/filesystems', 'utf8'));
  return (await known()) || ((await attempt(['modprobe', 'overlay'])).status === 0 && (await known()));
}
