/** Network interfaces, addresses and default routes, as Ansible reads them from `ip` and /sys/class/net. */

import type { Plain } from '../../value/value.ts';
import { type Address, dotted, type Fields, numberOf } from './address.ts';
import { addressesWithoutIp, routeWithoutIp } from './network-files.ts';
import { basename, type Probe } from './probe.ts';

/** By the ARP hardware types of Linux. */
const TYPES: { readonly [type: string]: string } = {
  '1': 'ether',
  '32': 'infiniband',
  '512': 'ppp',
  '772': 'loopback',
  '65534': 'tunnel',
};

export function networkFacts(probe: Probe): Fields {
  const addresses = probe.has('addresses') ? parseAddresses(probe.section('addresses')) : addressesWithoutIp(probe);
  const interfaces = new Map(devices(probe).map((name) => [name, deviceFields(probe, name)]));
  for (const address of addresses) addAddress(interfaces, address);
  const shown = new Map([...interfaces].map(([name, fields]) => [name.replaceAll(':', '_'), fields]));
  const of = (family: 4 | 6, loopback: RegExp) =>
    addresses.filter((one) => one.family === family && !loopback.test(one.address)).map((one) => one.address);
  return {
    interfaces: [...shown.keys()],
    ...Object.fromEntries(shown),
    default_ipv4: defaultRoute(probe, 4, addresses, interfaces),
    default_ipv6: defaultRoute(probe, 6, addresses, interfaces),
    all_ipv4_addresses: of(4, /^127\./),
    all_ipv6_addresses: of(6, /^::1$/),
  };
}

function devices(probe: Probe): readonly string[] {
  return probe
    .existing(/^\/sys\/class\/net\/[^/]+$/)
    .map(basename)
    .filter((name) => name !== 'bonding_masters');
}

function deviceFields(probe: Probe, device: string): Fields {
  const base = `/sys/class/net/${device}`;
  const file = (name: string) => probe.file(`${base}/${name}`);
  const mac = file('address');
  const module = probe.link(`${base}/device/driver/module`);
  const pci = probe.link(`${base}/device`);
  const fields: Fields = { device };
  if (mac && mac !== '00:00:00:00:00:00') fields['macaddress'] = mac;
  if (file('mtu')) fields['mtu'] = Number(file('mtu'));
  if (file('operstate')) fields['active'] = file('operstate') !== 'down';
  if (module) fields['module'] = basename(module);
  if (file('type')) fields['type'] = TYPES[file('type') ?? ''] ?? 'unknown';
  if (probe.exists(`${base}/bridge`)) Object.assign(fields, bridge(probe, base));
  if (probe.exists(`${base}/bonding`)) Object.assign(fields, bonding(file));
  if (probe.exists(`${base}/bonding_slave`)) fields['perm_macaddress'] = file('bonding_slave/perm_hwaddr') ?? '';
  if (pci) fields['pciid'] = basename(pci);
  if (file('speed')) fields['speed'] = Number(file('speed'));
  if (file('flags')) fields['promisc'] = (Number(file('flags')) & 0x0100) > 0;
  return fields;
}

function bridge(probe: Probe, base: string): Fields {
  const ports = probe.links(/\/brif\/[^/]*$/).filter(([path]) => path.startsWith(`${base}/`));
  return {
    type: 'bridge',
    interfaces: ports.map(([path]) => basename(path)),
    id: probe.file(`${base}/bridge/bridge_id`) ?? '',
    stp: probe.file(`${base}/bridge/stp_state`) === '1',
  };
}

function bonding(file: (name: string) => string | undefined): Fields {
  const first = (name: string) => file(`bonding/${name}`)?.split(/\s+/)[0] ?? '';
  const primary = file('bonding/primary');
  return {
    type: 'bonding',
    slaves: file('bonding/slaves')?.split(/\s+/) ?? [],
    mode: first('mode'),
    miimon: first('miimon'),
    lacp_rate: first('lacp_rate'),
    ...(primary ? { primary, all_slaves_active: file('bonding/all_slaves_active') === '1' } : {}),
  };
}

/** Reads `ip addr show`; secondary addresses come after the others, as Ansible asks for them. */
export function parseAddresses(text: string): readonly Address[] {
  const addresses: Address[] = [];
  let device = '';
  for (const line of text.split('\n')) {
    const head = /^\d+: ([^:@]+)[@:]/.exec(line);
    if (head) device = head[1] ?? '';
    const words = line.trim().split(/\s+/);
    if (words[0] === 'inet') addresses.push(ipv4(device, words));
    else if (words[0] === 'inet6') addresses.push(ipv6(device, words));
  }
  return [...addresses.filter((one) => !one.secondary), ...addresses.filter((one) => one.secondary)];
}

function ipv4(device: string, words: readonly string[]): Address {
  const [address = '', prefix = '32'] = (words[1] ?? '').split('/');
  const broadcast = words[2] === 'brd' && words[1]?.includes('/') ? (words[3] ?? '') : '';
  const label = words.at(-1) ?? device;
  return { device, family: 4, address, prefix, broadcast, scope: '', label, secondary: words.includes('secondary') };
}

function ipv6(device: string, words: readonly string[]): Address {
  const peer = words[2] === 'peer';
  const [own = '', ownPrefix = ''] = (words[1] ?? '').split('/');
  const prefix = peer ? (words[3]?.split('/')[1] ?? '') : ownPrefix;
  const scope = words[peer ? 5 : 3] ?? '';
  return { device, family: 6, address: own, prefix, broadcast: '', scope, label: device, secondary: false };
}

function addAddress(interfaces: Map<string, Fields>, one: Address): void {
  const fields = interfaces.get(one.device) ?? {};
  interfaces.set(one.device, fields);
  if (one.family === 6) {
    append(fields, 'ipv6', { address: one.address, prefix: one.prefix, scope: one.scope });
    return;
  }
  const target = one.label === one.device ? fields : (interfaces.get(one.label) ?? {});
  interfaces.set(one.label, target);
  const entry = { address: one.address, broadcast: one.broadcast, ...subnet(one), prefix: one.prefix };
  if (!one.secondary && !('ipv4' in target)) target['ipv4'] = entry;
  else append(target, 'ipv4_secondaries', entry);
  if (one.secondary && target !== fields) append(fields, 'ipv4_secondaries', entry);
}

function append(fields: Fields, name: string, entry: Plain): void {
  const list = fields[name];
  fields[name] = [...(Array.isArray(list) ? (list as readonly Plain[]) : []), entry];
}

function subnet({ address, prefix }: Address): { readonly netmask: string; readonly network: string } {
  const length = Number(prefix);
  const mask = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  return { netmask: dotted(mask), network: dotted((numberOf(address) & mask) >>> 0) };
}

function defaultRoute(
  probe: Probe,
  family: 4 | 6,
  addresses: readonly Address[],
  interfaces: ReadonlyMap<string, Fields>,
): Fields {
  const route = probe.has('addresses')
    ? parseRoute(probe.section(`route${family}`), family === 4 ? '8.8.8.8' : '2404:6800:400a:800::1012')
    : routeWithoutIp(probe, family, addresses);
  const own = addresses.findLast((one) => one.family === family && one.address === route['address']);
  const device = own && interfaces.get(own.device);
  if (!own || !device) return route;
  const details: Fields = family === 4 ? { broadcast: own.broadcast, ...subnet(own) } : { scope: own.scope };
  if (family === 4) details['alias'] = own.label;
  return {
    ...route,
    ...details,
    prefix: own.prefix,
    macaddress: device['macaddress'] ?? '',
    mtu: device['mtu'] ?? 0,
    type: device['type'] ?? 'unknown',
  };
}

/** Reads `ip route get`. */
function parseRoute(text: string, target: string): Fields {
  const words = text.split('\n')[0]?.trim().split(/\s+/) ?? [];
  const route: Fields = {};
  if (words[0] !== target) return route;
  words.forEach((word, index) => {
    const next = words[index + 1];
    if (next === undefined) return;
    if (word === 'dev') route['interface'] = next;
    else if (word === 'src') route['address'] = next;
    else if (word === 'via' && next !== target) route['gateway'] = next;
  });
  return route;
}
