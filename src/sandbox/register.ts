/** What all sandboxes of this machine share: which numbers are taken, and the kernel settings they raised. */

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../fault.ts';
import { textOf, writeWhole } from './files.ts';
import { withLock } from './lock.ts';
import { run } from './run.ts';
import { overlap, SUBNETS, type Subnet, subnetOf } from './subnet.ts';

const FOLDER = '/run/playbake';
const FILE = join(FOLDER, 'sandboxes.json');

/** Raised while a sandbox is up. A systemd takes several inotify instances; the usual 128 end at about 20 machines. */
const RAISED: Readonly<Record<string, number>> = {
  'net/ipv4/ip_forward': 1,
  'fs/inotify/max_user_instances': 16384,
};

interface Register {
  /** Homes by number. */
  readonly homes: Readonly<Record<string, string>>;
  /** What RAISED was before; meaningless after a boot. */
  readonly before: Readonly<Record<string, string>>;
  readonly boot: string;
}

/** The subnet of the sandbox at `home`: the one it has, else `preferred` if that is free, else any free one. */
export async function claimSubnet(home: string, preferred: number | undefined): Promise<Subnet> {
  return withLock(join(FOLDER, 'lock'), async () => {
    const register = await readRegister();
    const index = (await indexOf(register, home)) ?? (await freeIndex(register, preferred));
    await save({ ...register, homes: { ...register.homes, [index]: home }, before: await raise(register.before) });
    return subnetOf(index);
  });
}

/** The subnet that the sandbox at `home` has, or undefined. */
export async function claimedSubnet(home: string): Promise<Subnet | undefined> {
  const index = await indexOf(await readRegister(), home);
  return index === undefined ? undefined : subnetOf(index);
}

/** Gives the number back; the last sandbox to go puts the kernel settings back too. */
export async function releaseSubnet(home: string): Promise<void> {
  await withLock(join(FOLDER, 'lock'), async () => {
    const register = await readRegister();
    const homes = Object.fromEntries(Object.entries(register.homes).filter(([, other]) => other !== home));
    if (Object.keys(homes).length > 0) return save({ ...register, homes });
    for (const [key, value] of Object.entries(register.before)) await writeFile(join('/proc/sys', key), value);
    await save({ ...register, homes, before: {} });
  });
}

async function readRegister(): Promise<Register> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  const text = await textOf(FILE);
  const kept: Register = text === undefined ? { homes: {}, before: {}, boot } : JSON.parse(text);
  return kept.boot === boot ? kept : { homes: {}, before: {}, boot };
}

async function save(register: Register): Promise<void> {
  await writeWhole(FILE, `${JSON.stringify(register, null, 2)}\n`);
}

async function raise(before: Register['before']): Promise<Register['before']> {
  const kept: Record<string, string> = { ...before };
  for (const [key, wanted] of Object.entries(RAISED)) {
    const path = join('/proc/sys', key);
    const value = (await readFile(path, 'utf8')).trim();
    if (Number(value) >= wanted) continue;
    kept[key] ??= value;
    await writeFile(path, String(wanted));
  }
  return kept;
}

async function indexOf({ homes }: Register, home: string): Promise<number | undefined> {
  const entry = Object.entries(homes).find(([, other]) => other === home);
  return entry === undefined ? undefined : Number(entry[0]);
}

async function freeIndex(register: Register, preferred: number | undefined): Promise<number> {
  const routes = await routedNetworks();
  // Number 0 is the default sandbox's; others take it only when all else is gone.
  const order = [...(preferred === undefined ? [] : [preferred]), ...Array.from({ length: SUBNETS }, (_, i) => i + 1)];
  for (const index of order.map((number) => number % SUBNETS)) {
    const { network, bridge } = subnetOf(index);
    const other = register.homes[index];
    if (other !== undefined && (existsSync(other) || existsSync(`/sys/class/net/${bridge}`))) continue;
    if (routes.every((route) => route.bridge === bridge || !overlap(route.network, network))) return index;
  }
  throw new Fault(
    'sandbox-unavailable',
    `each of the ${SUBNETS} networks below 10.77.0.0/16 is in use on this machine`,
    {
      hint: 'take a sandbox down that is not needed: PLAYBAKE_SANDBOX=<its home> playbake sandbox down',
    },
  );
}

/** Networks that this machine reaches over something else than the default route. */
async function routedNetworks(): Promise<readonly { readonly network: string; readonly bridge: string }[]> {
  const lines = (await run(['ip', '-4', '-oneline', 'route', 'show', 'table', 'main'])).split('\n');
  return lines.flatMap((line) => {
    const [, network, device] = /^(?:blackhole |unreachable )?([\d./]+)(?:.*? dev (\S+))?/.exec(line) ?? [];
    return network === undefined ? [] : [{ network, bridge: device ?? '' }];
  });
}
