import type { Plain } from '../../value/value.ts';
import { basename, type Probe } from './probe.ts';

/** Mounted devices and network file systems, with their sizes. */
export function mountFacts(probe: Probe): readonly Plain[] {
  const table = probe.file('/etc/mtab') === undefined ? '/proc/mounts' : '/etc/mtab';
  const rows = probe.fileLines(table).map((line) => line.split(/\s+/).map(unescaped));
  const sizes = mountSizes(probe);
  const binds = bindMounts(probe);
  const mounts = new Map<string, Plain>();
  for (const [device = '', mount = '', fstype = '', options] of rows) {
    if (options === undefined || fstype === 'none') continue;
    if (!/^[/\\]/.test(device) && !device.includes(':/')) continue;
    const shown = binds.has(mount) && !/bind.*"/.test(options) ? `${options},bind` : options;
    const size = sizes.get(mount) ?? {};
    const extra = 'note' in size ? size : { ...size, ...uuid(probe, device) };
    mounts.set(mount, { mount, device, fstype, options: shown, ...extra });
  }
  return [...mounts.values()];
}

type Size = { readonly [name: string]: Plain };

function mountSizes(probe: Probe): ReadonlyMap<string, Size> {
  const sizes = new Map<string, Size>();
  for (const line of probe.lines('statfs')) {
    if (line.startsWith('late ')) {
      sizes.set(line.slice(5), { note: 'Could not get extra information due to timeout' });
      continue;
    }
    const [, numbers = '', mount = ''] = /^((?:\d+ ){6})(.*)$/.exec(line) ?? [];
    if (mount) sizes.set(mount, sizeOf(numbers.split(' ').map(Number)));
  }
  return sizes;
}

function sizeOf([total = 0, available = 0, fragment = 0, block = 0, inodes = 0, free = 0]: readonly number[]): Size {
  return {
    size_total: fragment * total,
    size_available: fragment * available,
    block_size: block,
    block_total: total,
    block_available: available,
    block_used: total - available,
    inode_total: inodes,
    inode_available: free,
    inode_used: inodes - free,
  };
}

/** What is mounted from below a file system's root. */
function bindMounts(probe: Probe): ReadonlySet<string> {
  const rows = probe.fileLines('/proc/self/mountinfo').map((line) => line.split(' '));
  return new Set(rows.filter(([, , , root]) => root !== '/').map(([, , , , mount = '']) => unescaped(mount)));
}

function uuid(probe: Probe, device: string): Size {
  const name = basename(probe.link(device) ?? device);
  const found = probe.links(/^\/dev\/disk\/by-uuid\//).find(([, target]) => basename(target) === name);
  return { uuid: found ? basename(found[0]) : 'N/A' };
}

/** Blanks and backslashes are octal in mount tables. */
function unescaped(word: string): string {
  return word.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
