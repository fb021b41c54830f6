/** Addresses and routes where there is no `ip` command: from /proc/net. */

import { type Address, dotted, type Fields, numberOf } from './address.ts';
import type { Probe } from './probe.ts';

interface Route {
  readonly device: string;
  readonly network: number;
  readonly gateway: number;
  readonly mask: number;
}

/** The kernel's local addresses, each with the device whose network it is in. */
export function addressesWithoutIp(probe: Probe): readonly Address[] {
  const routes = parseRoutes(probe);
  return [...localAddresses(probe).map((address) => ipv4(address, routes)), ...parseIpv6(probe)];
}

export function routeWithoutIp(probe: Probe, family: 4 | 6, addresses: readonly Address[]): Fields {
  const route = family === 4 ? parseRoutes(probe).find((one) => one.mask === 0) : undefined;
  if (!route) return {};
  const address = addresses.find((one) => one.family === 4 && one.device === route.device)?.address;
  const fields: Fields = { interface: route.device, gateway: dotted(route.gateway) };
  return address === undefined ? fields : { ...fields, address };
}

function parseRoutes(probe: Probe): readonly Route[] {
  return probe
    .lines('nets')
    .slice(1)
    .map((line) => {
      const [device = '', network = '', gateway = '', , , , , mask = ''] = line.split(/\s+/);
      return { device, network: swapped(network), gateway: swapped(gateway), mask: swapped(mask) };
    });
}

/** The kernel writes addresses as the hexadecimal of a number in the machine's byte order. */
function swapped(hex: string): number {
  return Number.parseInt(hex.match(/../g)?.reverse().join('') ?? '0', 16);
}

function localAddresses(probe: Probe): readonly string[] {
  const found = new Set<string>();
  let address = '';
  for (const line of probe.lines('tries')) {
    address = /^\s*\|-- (\S+)/.exec(line)?.[1] ?? address;
    if (line.includes('/32 host LOCAL')) found.add(address);
  }
  return [...found];
}

function ipv4(address: string, routes: readonly Route[]): Address {
  const value = numberOf(address);
  const route = routes.find((one) => one.mask !== 0 && (value & one.mask) >>> 0 === one.network);
  const loopback = address.startsWith('127.');
  const device = route?.device ?? (loopback ? 'lo' : (routes[0]?.device ?? 'lo'));
  const mask = route?.mask ?? (loopback ? 0xff000000 : 0xffffffff);
  const prefix = String(mask.toString(2).replace(/0/g, '').length);
  const broadcast = route ? dotted((value | ~mask) >>> 0) : '';
  return { device, family: 4, address, prefix, broadcast, scope: '', label: device, secondary: false };
}

const SCOPES: { readonly [scope: string]: string } = { '00': 'global', '10': 'host', '20': 'link', '40': 'site' };

function parseIpv6(probe: Probe): readonly Address[] {
  return probe.lines('if_inet6').map((line) => {
    const [hex = '', , length = '', scope = '', , device = ''] = line.trim().split(/\s+/);
    const address = compressed(hex.match(/..../g) ?? []);
    const prefix = String(Number.parseInt(length, 16));
    const common = { device, label: device, broadcast: '', secondary: false };
    return { ...common, family: 6, address, prefix, scope: SCOPES[scope] ?? '' } as const;
  });
}

/** RFC 5952: no leading zeros, the longest run of zero groups as `::`. */
function compressed(groups: readonly string[]): string {
  const plain = groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
  const runs = [...plain.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((one, two) => two[0].length - one[0].length);
  const run = runs[0];
  if (!run) return plain;
  const before = plain.slice(0, run.index);
  const after = plain.slice(run.index + run[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
