/** Which distribution it is: Ansible's order of release files and its readings of each. */

import type { Plain } from '../../value/value.ts';
import { osFamily } from './os-family.ts';
import { osRelease } from './os-release.ts';
import type { Probe } from './probe.ts';

type Facts = { [name: string]: Plain };

/** Reads a release file; undefined when it is of another distribution. */
type Reader = (text: string, path: string, guess: Facts, probe: Probe) => Facts | undefined;

/** `exists`: being there says it all, whatever the file holds. */
const FILES: readonly (readonly [path: string, name: string, read: Reader | 'exists'])[] = [
  ['/etc/altlinux-release', 'Altlinux', named('Altlinux', 'ALT')],
  ['/etc/oracle-release', 'OracleLinux', named('OracleLinux', 'Oracle Linux')],
  ['/etc/slackware-version', 'Slackware', slackware],
  ['/etc/centos-release', 'CentOS', centos],
  ['/etc/redhat-release', 'RedHat', named('RedHat', 'Red Hat')],
  ['/etc/vmware-release', 'VMwareESX', 'exists'],
  ['/etc/openwrt_release', 'OpenWrt', openwrt],
  ['/etc/os-release', 'Amazon', amazon],
  ['/etc/system-release', 'Amazon', amazon],
  ['/etc/alpine-release', 'Alpine', (text) => ({ distribution: 'Alpine', distribution_version: text })],
  ['/etc/arch-release', 'Archlinux', 'exists'],
  ['/etc/os-release', 'Archlinux', (text) => (text.includes('Arch Linux') ? { distribution: 'Archlinux' } : undefined)],
  ['/etc/os-release', 'SUSE', suse],
  ['/etc/os-release', 'Debian', debian],
  ['/etc/lsb-release', 'Debian', debian],
  ['/usr/lib/os-release', 'ClearLinux', clearLinux],
  ['/etc/os-release', 'Flatcar', flatcar],
  ['/etc/os-release', 'NA', anyOther],
];

export function distributionFacts(probe: Probe): Facts {
  const guessed = guess(probe);
  const facts = { ...guessed, ...readFiles(probe, guessed) };
  return { ...facts, os_family: osFamily(String(facts['distribution'])) };
}

function readFiles(probe: Probe, guessed: Facts): Facts {
  for (const [path, name, read] of FILES) {
    if (read === 'exists' && probe.exists(path)) return marked(path, name);
    if (read === 'exists') continue;
    const text = probe.file(path);
    const found = text === undefined ? undefined : read(text.replace(/^['"\\]+|['"\\]+$/g, ''), path, guessed, probe);
    if (found) return { ...marked(path, name), distribution_file_parsed: true, ...found };
  }
  return {};
}

function marked(path: string, name: string): Facts {
  return { distribution: name, distribution_file_path: path, distribution_file_variety: name };
}

/** What os-release says, as the `distro` library that Ansible brings along reads it. */
function guess(probe: Probe): Facts {
  const os = osRelease(probe.file('/etc/os-release') ?? probe.file('/usr/lib/os-release') ?? '');
  const release = releaseFile(probe);
  const id = os['id'] ?? release.id ?? '';
  const names: { readonly [id: string]: string } = { amzn: 'Amazon', rhel: 'Redhat', '': 'OtherLinux' };
  const version = bestVersion(id, os['version_id'] || release.version || '', release.version);
  const codename = os['version_codename'] ?? os['ubuntu_codename'] ?? (codenameOf(os['version']) || undefined);
  return {
    distribution: names[id] ?? id.charAt(0).toUpperCase() + id.slice(1).toLowerCase(),
    distribution_version: version || 'NA',
    distribution_release: codename ?? (os['version'] === undefined ? release.codename : undefined) ?? 'NA',
    distribution_major_version: version.split('.')[0] || 'NA',
  };
}

/** CentOS names its minor version only in a file of its own. */
function bestVersion(id: string, version: string, release = ''): string {
  if (id !== 'centos') return version;
  const best = release.split('.').length > version.split('.').length ? release : version;
  return best.split('.').slice(0, 2).join('.');
}

function releaseFile(probe: Probe): { readonly id?: string; readonly version?: string; readonly codename?: string } {
  const path = ['centos', 'fedora', 'oracle', 'redhat', 'SuSE', 'alpine'].find((name) =>
    probe.file(`/etc/${name}-release`),
  );
  const line = path ? probe.fileLines(`/etc/${path}-release`)[0] : undefined;
  const found = /^(.*?)(?: release)? +v?([\d.]+[\w.+-]*)(?: *\((.*)\))?/.exec(line ?? '');
  if (!path || !found?.[2]) return path ? { id: path.toLowerCase() } : {};
  const id = path === 'redhat' ? 'rhel' : path.toLowerCase();
  return found[3] ? { id, version: found[2], codename: found[3] } : { id, version: found[2] };
}

function codenameOf(version: string | undefined): string | undefined {
  const found = /\(\D+\)|,\s*\D+/.exec(version ?? '');
  return found?.[0]
    .replace(/^[()]+|[()]+$/g, '')
    .replace(/^,|,$/g, '')
    .trim();
}

function named(name: string, search: string): Reader {
  return (text) =>
    text.includes(search)
      ? { distribution: name, distribution_file_search_string: search }
      : { distribution: text.split(/\s+/)[0] ?? '' };
}

function match(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1];
}

/** Leaves out what was not found. */
function known(facts: { readonly [name: string]: string | undefined }): Facts {
  return Object.fromEntries(Object.entries(facts).filter((one): one is [string, string] => one[1] !== undefined));
}

function slackware(text: string): Facts | undefined {
  if (!text.includes('Slackware')) return undefined;
  return known({ distribution: 'Slackware', distribution_version: match(text, /(\w+[.]\w+\+?)/) });
}

function centos(text: string): Facts | undefined {
  if (text.includes('CentOS Stream')) return { distribution_release: 'Stream' };
  return text.includes('TencentOS Server') ? { distribution: 'TencentOS' } : undefined;
}

function openwrt(text: string): Facts | undefined {
  if (!text.includes('OpenWrt')) return undefined;
  return known({
    distribution: 'OpenWrt',
    distribution_version: match(text, /DISTRIB_RELEASE="(.*)"/),
    distribution_release: match(text, /DISTRIB_CODENAME="(.*)"/),
  });
}

function amazon(text: string, path: string): Facts | undefined {
  if (!text.includes('Amazon')) return undefined;
  if (path !== '/etc/os-release') {
    return {
      distribution: 'Amazon',
      distribution_version: text.split(/\s+/).find((word) => /^\d+$/.test(word)) ?? 'NA',
    };
  }
  const version = match(text, /VERSION_ID="(.*)"/);
  if (version === undefined) return { distribution: 'Amazon' };
  const [major = '', minor = 'NA'] = version.split('.');
  return {
    distribution: 'Amazon',
    distribution_version: version,
    distribution_major_version: major,
    distribution_minor_version: minor,
  };
}

function suse(text: string, _path: string, _guess: Facts, probe: Probe): Facts | undefined {
  const lower = text.toLowerCase();
  if (!lower.includes('suse')) return undefined;
  const version = match(text, /^VERSION_ID="?([0-9]+\.?[0-9]*)"?/m);
  const minor = match(text, /^VERSION_ID="?[0-9]+\.?([0-9]*)"?/m);
  const sap = probe.link('/etc/products.d/baseproduct')?.endsWith('SLES_SAP.prod');
  return known({
    distribution: sap ? 'SLES_SAP' : match(text, /^NAME=(.*)/m)?.replace(/^"+|"+$/g, ''),
    distribution_version: version,
    distribution_major_version: version?.split('.')[0],
    distribution_release: lower.includes('open') ? minor : lower.includes('enterprise') ? minor || '0' : undefined,
  });
}

function debian(text: string, path: string, _guess: Facts, probe: Probe): Facts | undefined {
  if (/Debian|Raspbian/.test(text)) {
    return known({
      distribution: 'Debian',
      distribution_release: match(text, /PRETTY_NAME=[^(]+ \(?([^)]+?)\)/),
      distribution_minor_version: match(probe.file('/etc/debian_version') ?? '', /\d+\.(\d+)/),
    });
  }
  if (text.includes('Ubuntu')) return { distribution: 'Ubuntu' };
  if (text.includes('SteamOS')) return { distribution: 'SteamOS' };
  const release = match(text, /DISTRIB_RELEASE=(.*)/);
  if (text.includes('Kali')) return known({ distribution: 'Kali', distribution_release: release });
  if (text.includes('Parrot')) return known({ distribution: 'Parrot', distribution_release: release });
  return path ? derivative(text) : undefined;
}

function derivative(text: string): Facts | undefined {
  const version = match(text, /VERSION_ID="(.*)"/);
  const major = version?.split('.')[0];
  const codename = match(text, /VERSION_CODENAME="?([^"\n]+)"?/);
  const versions = { distribution_version: version, distribution_major_version: major };
  if (text.includes('Devuan')) {
    const release = match(text, /PRETTY_NAME="?[^("]+ \(?([^) "]+)\)?/);
    return known({
      distribution: 'Devuan',
      distribution_release: release,
      ...versions,
      distribution_major_version: version,
    });
  }
  if (text.includes('Cumulus')) {
    const plain = match(text, /VERSION_ID=(.*)/);
    const release = match(text, /VERSION="(.*)"/);
    const numbers = { distribution_version: plain, distribution_major_version: plain?.split('.')[0] };
    return known({ distribution: 'Cumulus Linux', ...numbers, distribution_release: release });
  }
  if (text.includes('Mint')) return known({ distribution: 'Linux Mint', ...versions });
  if (/UOS|Uos|uos/.test(text)) return known({ distribution: 'Uos', distribution_release: codename, ...versions });
  if (/[Dd]eepin/.test(text)) return known({ distribution: 'Deepin', distribution_release: codename, ...versions });
  return undefined;
}

function clearLinux(text: string): Facts | undefined {
  const name = match(text, /NAME="(.*)"/);
  if (!name?.includes('Clear Linux')) return undefined;
  const version = match(text, /VERSION_ID=(.*)/);
  const release = match(text, /ID=(.*)/);
  const numbers = { distribution_major_version: version, distribution_version: version };
  return known({ distribution: name, ...numbers, distribution_release: release });
}

function flatcar(text: string): Facts | undefined {
  if (!/^ID="?flatcar"?$/m.test(text)) return undefined;
  const version = match(text, /^VERSION=(.*)/m)?.replace(/^"+|"+$/g, '');
  return known({ distribution_major_version: version?.split('.')[0], distribution_version: version });
}

function anyOther(text: string, _path: string, guessed: Facts): Facts {
  const version = guessed['distribution_version'] === 'NA' ? match(text, /^VERSION=(.*)/m) : undefined;
  return known({
    distribution: match(text, /^NAME=(.*)/m)?.replace(/^"+|"+$/g, ''),
    distribution_version: version?.replace(/^"+|"+$/g, ''),
  });
}
