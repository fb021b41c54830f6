/** The small collectors: each reads a file or two. */

import type { Plain } from '../../value/value.ts';
import { osRelease } from './os-release.ts';
import { basename, type Probe } from './probe.ts';

type Facts = { [name: string]: Plain };

export function selinuxFacts(probe: Probe): Facts {
  // Ansible's word for its Python library; nothing but the kernel is asked here.
  const present = { selinux_python_present: true };
  if (!probe.exists('/sys/fs/selinux') || probe.file('/sys/fs/selinux/enforce') === undefined) {
    return { ...present, selinux: { status: 'disabled' } };
  }
  const setting = (name: string) =>
    new RegExp(`^${name}=(\\S+)`, 'm').exec(probe.file('/etc/selinux/config') ?? '')?.[1];
  const version = probe.file('/sys/fs/selinux/policyvers');
  return {
    ...present,
    selinux: {
      status: 'enabled',
      policyvers: version === undefined ? 'unknown' : Number(version),
      config_mode: setting('SELINUX') ?? 'unknown',
      mode: probe.file('/sys/fs/selinux/enforce') === '1' ? 'enforcing' : 'permissive',
      type: setting('SELINUXTYPE') ?? 'unknown',
    },
  };
}

export function apparmorFacts(probe: Probe): Facts {
  return { apparmor: { status: probe.exists('/sys/kernel/security/apparmor') ? 'enabled' : 'disabled' } };
}

/** Whether `/` is another directory than the first process has; else whether it has the number of a root directory. */
export function chrootFacts(probe: Probe, environment: { readonly [name: string]: string }): Facts {
  if (environment['debian_chroot']) return { is_chroot: true };
  const [own = '', first] = probe.lines('root');
  if (first !== undefined) return { is_chroot: own !== first };
  const type = probe.section('rootfs');
  const number = type.includes('btrfs') ? '256' : type.includes('xfs') ? '128' : '2';
  return { is_chroot: own.split(' ')[0] !== number };
}

export function capsFacts(probe: Probe): Facts {
  if (!probe.has('caps')) return { system_capabilities_enforced: 'N/A', system_capabilities: 'N/A' };
  const current = /^Current:(.*)$/m.exec(probe.section('caps'))?.[1]?.trim();
  if (current === undefined) return { system_capabilities_enforced: 'NA', system_capabilities: [] };
  if (current === '=ep') return { system_capabilities_enforced: 'False', system_capabilities: [] };
  const capabilities = (current.split('=')[1] ?? '').split(',').map((one) => one.trim());
  return { system_capabilities_enforced: 'True', system_capabilities: capabilities };
}

/** In Ansible's order; the last that is there counts. */
const MANAGERS: readonly (readonly [path: string, name: string])[] = [
  ['/usr/bin/rpm-ostree', 'atomic_container'],
  ['/usr/bin/yum', 'yum'],
  ['/usr/bin/dnf', 'dnf'],
  ['/usr/bin/apt-get', 'apt'],
  ['/usr/bin/zypper', 'zypper'],
  ['/usr/sbin/urpmi', 'urpmi'],
  ['/usr/bin/pacman', 'pacman'],
  ['/bin/opkg', 'opkg'],
  ['/usr/pkg/bin/pkgin', 'pkgin'],
  ['/sbin/apk', 'apk'],
  ['/usr/sbin/pkg', 'pkgng'],
  ['/usr/bin/emerge', 'portage'],
  ['/usr/bin/xbps-install', 'xbps'],
  ['/usr/bin/swupd', 'swupd'],
  ['/usr/sbin/sorcery', 'sorcery'],
];

export function packageManager(probe: Probe, distribution: Facts): string {
  const found = MANAGERS.findLast(([path]) => probe.exists(path))?.[1] ?? 'unknown';
  const family = distribution['os_family'];
  if (family === 'RedHat') return redHatManager(probe, distribution, found);
  if (family === 'Altlinux' && found === 'apt') return 'apt_rpm';
  if (family === 'Debian' || found === 'apt') return probe.has('apt_rpm') ? 'apt_rpm' : 'apt';
  return found;
}

function redHatManager(probe: Probe, distribution: Facts, found: string): string {
  if (probe.exists('/run/ostree-booted')) return 'atomic_container';
  const major = Number(distribution['distribution_major_version']);
  const name = distribution['distribution'];
  const since = name === 'Fedora' ? 23 : name === 'Amazon' ? 2022 : 8;
  if (name !== 'Fedora' && name !== 'Amazon') return major < since ? 'yum' : 'dnf';
  if (Number.isNaN(major)) return 'dnf';
  const wanted = major < since ? 'yum' : 'dnf';
  return probe.exists(`/usr/bin/${wanted}`) ? wanted : found;
}

/** Names of first processes that are not those of their service managers. */
const INITS: { readonly [name: string]: string } = {
  procd: 'openwrt_init',
  'runit-init': 'runit',
  svscan: 'svc',
  'openrc-init': 'openrc',
};

export function serviceManager(probe: Probe, distribution: Facts): string {
  const init = basename(probe.file('/proc/1/comm') ?? probe.link('/sbin/init') ?? '').trim();
  if (init && init !== 'init' && !init.endsWith('sh')) return INITS[init] ?? init;
  if (distribution['distribution'] === 'OpenWrt') return 'openwrt_init';
  const booted = ['/run/systemd/system', '/dev/.run/systemd', '/dev/.systemd'].some((path) => probe.exists(path));
  if (probe.has('systemctl') && booted) return 'systemd';
  if (probe.has('initctl') && probe.exists('/etc/init')) return 'upstart';
  if (probe.exists('/sbin/openrc')) return 'openrc';
  if (probe.has('systemctl') && basename(probe.link('/sbin/init') ?? '') === 'systemd') return 'systemd';
  return probe.exists('/etc/init.d') ? 'sysvinit' : 'service';
}

/** The kernel's command line, taken apart as Python's `shlex.split(posix=False)` does. */
export function cmdlineFacts(probe: Probe): Facts {
  const text = probe.file('/proc/cmdline');
  if (text === undefined) return {};
  const words = text.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  const last: { [name: string]: Plain } = {};
  const all: { [name: string]: Plain } = {};
  for (const word of words.some((one) => /^["'][^"']*$/.test(one)) ? [] : words) {
    const at = word.indexOf('=');
    const name = at < 0 ? word : word.slice(0, at);
    const value = at < 0 ? true : word.slice(at + 1);
    const before = all[name];
    last[name] = value;
    const several = at >= 0 && before !== undefined;
    all[name] = several ? [...(Array.isArray(before) ? (before as readonly Plain[]) : [before]), value] : value;
  }
  return { cmdline: last, proc_cmdline: all };
}

export function loadavgFacts(probe: Probe): Facts {
  const [one, five, fifteen] = (probe.file('/proc/loadavg') ?? '').split(' ').map(Number);
  if (one === undefined || five === undefined || fifteen === undefined) return {};
  return { loadavg: { '1m': one, '5m': five, '15m': fifteen } };
}

export function sshKeyFacts(probe: Probe): Facts {
  const facts: Facts = {};
  for (const directory of ['/etc/ssh', '/etc/openssh', '/etc']) {
    for (const kind of ['dsa', 'rsa', 'ecdsa', 'ed25519']) {
      const [type, key] = probe.file(`${directory}/ssh_host_${kind}_key.pub`)?.split(/\s+/) ?? [];
      if (type === undefined || key === undefined) continue;
      facts[`ssh_host_key_${kind}_public`] = key;
      facts[`ssh_host_key_${kind}_public_keytype`] = type;
    }
    if (Object.keys(facts).length > 0) break;
  }
  return facts;
}

export function dnsFacts(probe: Probe): Facts {
  const dns: { [name: string]: Plain } = {};
  const nameservers: string[] = [];
  for (const line of probe.fileLines('/etc/resolv.conf')) {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    if (word === 'nameserver') {
      nameservers.push(...rest);
      dns['nameservers'] = nameservers;
    } else if (word === 'domain' && rest[0] !== undefined) dns['domain'] = rest[0];
    else if (word === 'search' || word === 'sortlist') dns[word] = rest;
    else if (word === 'options') dns['options'] = Object.fromEntries(rest.map(option));
  }
  return { dns };
}

function option(word: string): readonly [name: string, value: string | true] {
  const [name = '', value] = word.split(/:(.*)/s);
  return [name, value || true];
}

export function lsbFacts(probe: Probe): Facts {
  const said = probe.section('lsb');
  const facts = said.trim() === 'debian' ? debianLsb(probe) : said ? programLsb(said) : fileLsb(probe);
  const release = facts['release'];
  const shown = release === undefined ? facts : { ...facts, major_release: release.split('.')[0] ?? '' };
  return {
    lsb: Object.fromEntries(
      Object.entries(shown).map(([name, value]) => [name, value.replace(/^['"\\]+|['"\\]+$/g, '')]),
    ),
  };
}

/** Debian's `lsb_release` says what os-release says. */
function debianLsb(probe: Probe): { readonly [name: string]: string } {
  const os = osRelease(probe.file('/etc/os-release') ?? '');
  const codename = os['version_codename'] ?? 'n/a';
  return { id: 'Debian', description: os['pretty_name'] ?? '', release: os['version_id'] ?? 'n/a', codename };
}

function programLsb(text: string): { readonly [name: string]: string } {
  const names = { 'LSB Version': 'release', 'Distributor ID': 'id', Description: 'description', Release: 'release' };
  return fields(text, ':', { ...names, Codename: 'codename' });
}

function fileLsb(probe: Probe): { readonly [name: string]: string } {
  const names = { DISTRIB_ID: 'id', DISTRIB_RELEASE: 'release', DISTRIB_DESCRIPTION: 'description' };
  return fields(probe.file('/etc/lsb-release') ?? '', '=', { ...names, DISTRIB_CODENAME: 'codename' });
}

function fields(text: string, sign: string, names: { readonly [word: string]: string }) {
  const facts: { [name: string]: string } = {};
  for (const line of text.split('\n')) {
    const name = names[line.split(sign, 1)[0]?.trim() ?? ''];
    if (name && line.includes(sign)) facts[name] = line.slice(line.indexOf(sign) + 1).trim();
  }
  return facts;
}

export function fibreChannelFacts(probe: Probe): Facts {
  const ports = probe.paths(/^\/sys\/class\/fc_host\//).flatMap((path) => probe.fileLines(path));
  return { fibre_channel_wwn: ports.map((name) => name.trim().slice(2)) };
}

export function iscsiFacts(probe: Probe): Facts {
  const line = probe.fileLines('/etc/iscsi/initiatorname.iscsi').find((one) => one.startsWith('InitiatorName='));
  return { iscsi_iqn: line?.slice('InitiatorName='.length) ?? '' };
}

export function nvmeFacts(probe: Probe): Facts {
  return { hostnqn: probe.fileLines('/etc/nvme/hostnqn').findLast((line) => line.startsWith('nqn.')) ?? '' };
}
