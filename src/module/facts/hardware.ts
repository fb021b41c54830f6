/** Memory, processors, DMI, uptime and LVM. */

import type { Plain } from '../../value/value.ts';
import { deviceFacts } from './devices.ts';
import { mountFacts } from './mounts.ts';
import type { Probe } from './probe.ts';

type Facts = { [name: string]: Plain };

export function hardwareFacts(probe: Probe, architecture: string): Facts {
  return {
    ...processorFacts(probe, architecture),
    ...memoryFacts(probe),
    ...dmiFacts(probe),
    ...deviceFacts(probe),
    ...uptimeFacts(probe),
    lvm: lvmFacts(probe),
    mounts: mountFacts(probe),
  };
}

export function memoryFacts(probe: Probe): Facts {
  const sizes = new Map<string, number>();
  for (const line of probe.fileLines('/proc/meminfo')) {
    const [name = '', size = ''] = line.split(/:\s*/);
    sizes.set(name, Math.floor(Number.parseInt(size, 10) / 1024));
  }
  if (sizes.size === 0) return {};
  const size = (name: string) => sizes.get(name) ?? 0;
  const [total, free, swap, swapFree] = [size('MemTotal'), size('MemFree'), size('SwapTotal'), size('SwapFree')];
  const nocache = size('Cached') + free + size('Buffers');
  return {
    memtotal_mb: total,
    memfree_mb: free,
    swaptotal_mb: swap,
    swapfree_mb: swapFree,
    memory_mb: {
      real: { total, used: total - free, free },
      nocache: { free: nocache, used: total - nocache },
      swap: { total: swap, free: swapFree, used: swap - swapFree, cached: size('SwapCached') },
    },
  };
}

/** Lines of /proc/cpuinfo that Ansible lists as `processor`: Intel and AMD, ARM, Power. */
const LISTED = new Set(['model name', 'Processor', 'vendor_id', 'cpu', 'Vendor', 'processor']);

/** The counts are Ansible's, with its quirks: cores are those of the first socket, threads those of its first core. */
export function processorFacts(probe: Probe, architecture: string): Facts {
  const lines = probe.fileLines('/proc/cpuinfo').map((line) => line.split(/\s*:\s?(.*)/s).map((part) => part.trim()));
  if (lines.length === 0) return {};
  const listed = lines.filter(([key = '']) => LISTED.has(key));
  const count = (name: string) => listed.filter(([key]) => key === name).length;
  const facts: Facts = { processor: listed.map(([, value = '']) => value) };
  const own = lines.findLast(([key]) => key === '# processors')?.[1];
  if (own !== undefined) facts['processor_cores'] = Number(own);
  if (architecture === 's390x') return facts;
  const vendors = count('vendor_id');
  let processors = vendors > 0 && vendors === count('model name') ? vendors : listed.length;
  if (/^(armv|aarch|ppc)/.test(architecture)) processors = count('processor');
  if (isXenGuest(probe, lines)) return { ...facts, ...counts(processors, processors, 1) };
  const { sockets, cores } = topology(lines);
  const inSocket = [...sockets.values()][0] || 1;
  const threads = Math.floor(([...cores.values()][0] ?? 1) / inSocket);
  return {
    ...facts,
    ...counts(sockets.size || processors, inSocket, threads, (sockets.size || processors) * inSocket * threads),
    processor_nproc: allowed(probe) ?? count('processor'),
  };
}

function counts(sockets: number, cores: number, threads: number, vcpus = sockets): Facts {
  return {
    processor_count: sockets,
    processor_cores: cores,
    processor_threads_per_core: threads,
    processor_vcpus: vcpus,
  };
}

function topology(lines: readonly (readonly string[])[]) {
  const sockets = new Map<string, number>();
  const cores = new Map<string, number>();
  let [socket, core] = ['0', '0'];
  for (const [key = '', value = ''] of lines) {
    if (key === 'physical id') {
      socket = value;
      if (!sockets.has(socket)) sockets.set(socket, 1);
    } else if (key === 'core id') {
      core = value;
      if (!sockets.has(core)) cores.set(core, 1);
    } else if (key === 'cpu cores') sockets.set(socket, Number(value));
    else if (key === 'siblings') cores.set(core, Number(value));
  }
  return { sockets, cores };
}

/** A paravirtualised Xen guest, which lists its processors differently, does not show the `vme` flag. */
function isXenGuest(probe: Probe, lines: readonly (readonly string[])[]): boolean {
  if (!probe.exists('/proc/xen') && probe.fileLines('/sys/hypervisor/type')[0]?.trim() !== 'xen') return false;
  return lines.some(([key, value = '']) => key === 'flags' && !value.includes('vme'));
}

/** How many processors a process may use, from a list such as `0-3,8`. */
function allowed(probe: Probe): number | undefined {
  const line = probe.fileLines('/proc/self/status').find((one) => one.startsWith('Cpus_allowed_list:'));
  if (!line) return undefined;
  const ranges = (line.split(/:\s*/)[1] ?? '').split(',').map((range) => range.split('-').map(Number));
  return ranges.reduce((sum, [first = 0, last = first]) => sum + last - first + 1, 0);
}

const DMI: { readonly [fact: string]: string } = {
  ...Object.fromEntries(
    `bios_date bios_vendor bios_version board_asset_tag board_name board_serial board_vendor board_version
chassis_asset_tag chassis_serial chassis_vendor chassis_version product_name product_serial product_uuid product_version`
      .split(/\s/)
      .map((name) => [name, name]),
  ),
  system_vendor: 'sys_vendor',
};

/** By their numbers in the DMI specification. */
const FORM_FACTORS = `Unknown,Other,Unknown,Desktop,Low Profile Desktop,Pizza Box,Mini Tower,Tower,Portable,Laptop,
Notebook,Hand Held,Docking Station,All In One,Sub Notebook,Space-saving,Lunch Box,Main Server Chassis,Expansion Chassis,
Sub Chassis,Bus Expansion Chassis,Peripheral Chassis,RAID Chassis,Rack Mount Chassis,Sealed-case PC,Multi-system,
CompactPCI,AdvancedTCA,Blade,Blade Enclosure,Tablet,Convertible,Detachable,IoT Gateway,Embedded PC,Mini PC,
Stick PC`.split(/,\n?/);

export function dmiFacts(probe: Probe): Facts {
  const file = (name: string) => probe.file(`/sys/devices/virtual/dmi/id/${name}`);
  const facts: Facts = Object.fromEntries(Object.entries(DMI).map(([fact, name]) => [fact, file(name) ?? 'NA']));
  const type = file('chassis_type');
  facts['form_factor'] = type === undefined ? 'NA' : (FORM_FACTORS[Number(type)] ?? `unknown (${type})`);
  return facts;
}

function uptimeFacts(probe: Probe): Facts {
  const uptime = probe.file('/proc/uptime');
  return uptime === undefined ? {} : { uptime_seconds: Math.floor(Number(uptime.split(' ')[0])) };
}

export function lvmFacts(probe: Probe): Plain {
  if (!probe.has('lvm')) return 'N/A';
  const rows = (name: string) => probe.lines(name).map((line) => line.trim().split(','));
  const groups = rows('vgs').map((row) => {
    const [name = '', pvs = '', lvs = ''] = row;
    return [name, { size_g: row.at(-2) ?? '', free_g: row.at(-1) ?? '', num_lvs: lvs, num_pvs: pvs }] as const;
  });
  const volumes = rows('lvs').map(([name = '', vg = '', , size = '']) => [name, { size_g: size, vg }] as const);
  const disks = rows('pvs').map(([name = '', vg = '', , , size = '', free = '']) => {
    return [mapperName(probe, name), { size_g: size, free_g: free, vg }] as const;
  });
  return { lvs: Object.fromEntries(volumes), vgs: Object.fromEntries(groups), pvs: Object.fromEntries(disks) };
}

function mapperName(probe: Probe, device: string): string {
  if (!device.startsWith('/dev/dm-')) return device;
  const found = probe.links(/^\/dev\/mapper\//).find(([, target]) => target === `..${device.slice(4)}`);
  return found?.[0] ?? device;
}
