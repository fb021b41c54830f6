/** Block devices, from /sys/block and /dev/disk. */

import type { Plain } from '../../value/value.ts';
import { basename, type Probe } from './probe.ts';

type Names = ReadonlyMap<string, readonly string[]>;
type Links = { readonly [kind: string]: Names };

export function deviceFacts(probe: Probe): { [name: string]: Plain } {
  const links: Links = {
    ids: diskLinks(probe, 'by-id'),
    uuids: diskLinks(probe, 'by-uuid'),
    labels: diskLinks(probe, 'by-label'),
    masters: owners(probe),
  };
  const paths = probe.paths(/^\/sys\/block\/[^/]+\/size$/).map((path) => path.split('/')[3] ?? '');
  return {
    devices: Object.fromEntries(paths.map((name) => [name, device(probe, name, links)])),
    device_links: Object.fromEntries(Object.entries(links).map(([kind, names]) => [kind, Object.fromEntries(names)])),
  };
}

/** Names in a directory of links, by the device that they point to. */
function diskLinks(probe: Probe, directory: string): Names {
  return grouped(
    probe
      .links(new RegExp(`^/dev/disk/${directory}/`))
      .map(([path, target]) => [basename(target), basename(path)] as const),
  );
}

function owners(probe: Probe): Names {
  const slaves = probe.links(/^\/sys\/block\/[^/]+\/slaves\//);
  return grouped(slaves.map(([path]) => [basename(path), path.split('/')[3] ?? ''] as const));
}

function grouped(pairs: readonly (readonly [key: string, name: string])[]): Names {
  const groups = new Map<string, string[]>();
  for (const [key, name] of pairs) groups.set(key, [...(groups.get(key) ?? []), name].sort());
  return groups;
}

function linksOf(links: Links, name: string): Plain {
  return Object.fromEntries(Object.entries(links).map(([kind, names]) => [kind, names.get(name) ?? []]));
}

function device(probe: Probe, name: string, links: Links): Plain {
  const file = (path: string): string | null => probe.file(`/sys/block/${name}/${path}`) ?? null;
  const wwn = links['ids']?.get(name)?.find((id) => id.startsWith('wwn-'));
  const number = serial(probe, name);
  const sectors = file('size') ?? 0;
  return {
    // always 1 in Ansible, too, where /sys/block holds links
    virtual: probe.link(`/sys/block/${name}`) === undefined && file('device/vendor') !== null ? 0 : 1,
    links: linksOf(links, name),
    vendor: file('device/vendor'),
    model: file('device/model'),
    sas_address: file('device/sas_address'),
    sas_device_handle: file('device/sas_device_handle'),
    ...(number ? { serial: number } : {}),
    removable: file('removable'),
    support_discard: file('queue/discard_granularity'),
    ...(wwn ? { wwn: wwn.slice(4) } : {}),
    partitions: partitions(probe, name, links),
    rotational: file('queue/rotational'),
    scheduler_mode: /\[(.*?)\]/.exec(file('queue/scheduler') ?? '')?.[1] ?? '',
    sectors,
    sectorsize: file('queue/logical_block_size') ?? 512,
    size: humanSize(Number(sectors) * 512),
    host: pciHost(probe, name),
    holders: holders(probe, name),
  };
}

function partitions(probe: Probe, name: string, links: Links): Plain {
  const found = probe.paths(/\/start$/).filter((path) => path.split('/')[3] === name && path.split('/').length === 6);
  const names = found.map((path) => path.split('/')[4] ?? '').filter((one) => one.startsWith(name));
  return Object.fromEntries(
    names.map((one) => {
      const sectors = probe.file(`/sys/block/${name}/${one}/size`) ?? 0;
      const part = {
        links: linksOf(links, one),
        start: probe.file(`/sys/block/${name}/${one}/start`) ?? 0,
        sectors,
        sectorsize: 512,
        size: humanSize(Number(sectors) * 512),
        uuid: links['uuids']?.get(one)?.[0] ?? null,
        holders: holders(probe, `${name}/${one}`),
      };
      return [one, part];
    }),
  );
}

/** The device-mapper devices on top, by their names. */
function holders(probe: Probe, path: string): readonly string[] {
  const start = `/sys/block/${path}/holders/`;
  const found = probe.links(/\/holders\/dm-[^/]*$/).filter(([link]) => link.startsWith(start));
  return found.map(([link]) => probe.file(`${link}/dm/name`) ?? basename(link));
}

function serial(probe: Probe, name: string): string | undefined {
  if (!probe.has('sg_inq')) return probe.file(`/sys/block/${name}/device/serial`);
  const said = probe
    .section('sg_inq')
    .split(/^@/m)
    .find((part) => part.startsWith(`${name}\n`));
  return /(?:Unit serial|Serial) number:\s+(\w+)/.exec(said ?? '')?.[1];
}

function pciHost(probe: Probe, name: string): string {
  const found = /.+\/([a-f0-9]{4}:[a-f0-9]{2}:[0|1][a-f0-9]\.[0-7])\//.exec(probe.link(`/sys/block/${name}`) ?? '');
  const line = found && probe.lines('lspci').find((one) => one.startsWith(`${found[1]} `));
  return line ? line.slice(line.indexOf(' ') + 1) : '';
}

/** Ansible's `bytes_to_human`: two decimals and the largest unit that fits. */
export function humanSize(bytes: number): string {
  const units = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
  let unit = 0;
  while (unit < units.length - 1 && bytes >= 1024 ** (unit + 1)) unit++;
  return `${(bytes / 1024 ** unit).toFixed(2)} ${units[unit]}`;
}
