import type { Plain } from '../../value/value.ts';
import type { Probe } from './probe.ts';

type Facts = { [name: string]: Plain };

export function platformFacts(probe: Probe): Facts {
  const nodename = probe.file('/proc/sys/kernel/hostname') ?? '';
  const machine = probe.section('machine').trim();
  const fqdn = fullName(probe, nodename);
  const facts: Facts = {
    system: probe.file('/proc/sys/kernel/ostype') ?? 'Linux',
    kernel: probe.file('/proc/sys/kernel/osrelease') ?? '',
    kernel_version: probe.file('/proc/sys/kernel/version') ?? '',
    machine,
    fqdn,
    hostname: nodename.split('.')[0] ?? '',
    nodename,
    domain: fqdn.split('.').slice(1).join('.'),
    ...architecture(machine, probe.section('elf').charCodeAt(4) === 1 ? '32' : '64'),
  };
  const id = probe.file('/var/lib/dbus/machine-id') ?? probe.file('/etc/machine-id');
  if (id) facts['machine_id'] = id.split('\n')[0] ?? '';
  return facts;
}

function architecture(machine: string, bits: string): Facts {
  const intel = /i([3456]86|86pc)/.test(machine);
  const facts: Facts = { userspace_bits: bits, architecture: intel ? 'i386' : machine };
  if (intel || machine === 'x86_64') facts['userspace_architecture'] = bits === '64' ? 'x86_64' : 'i386';
  return facts;
}

/** Python's `socket.getfqdn`: the first name with a dot that the host's own address has. */
function fullName(probe: Probe, nodename: string): string {
  const names = probe.has('fqdn') ? (probe.lines('fqdn')[0]?.split(/\s+/).slice(1) ?? []) : inHosts(probe, nodename);
  return names.find((name) => name.includes('.')) ?? names[0] ?? nodename;
}

function inHosts(probe: Probe, nodename: string): readonly string[] {
  const rows = probe.fileLines('/etc/hosts').map((line) => line.replace(/#.*/, '').trim().split(/\s+/));
  const address = rows.find((row) => row.slice(1).includes(nodename))?.[0];
  return rows.find((row) => row[0] === address)?.slice(1) ?? [];
}

export function pythonFacts(probe: Probe): Facts {
  const [executable, , version = '', ssl] = probe.section('python').trim().split(' ');
  const found = /^(\d+)\.(\d+)\.(\d+)(?:(a|b|rc)(\d+))?/.exec(version);
  if (!found) return {};
  const [major, minor, micro] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const releaselevel = { a: 'alpha', b: 'beta', rc: 'candidate' }[found[4] ?? ''] ?? 'final';
  const serial = Number(found[5] ?? 0);
  return {
    python: {
      executable: executable ?? '',
      has_sslcontext: ssl === 'ssl',
      type: 'cpython',
      version: { major, minor, micro, releaselevel, serial },
      version_info: [major, minor, micro, releaselevel, serial],
    },
    python_version: version,
  };
}

export function userFacts(probe: Probe): Facts {
  const environment = envFacts(probe);
  const [real = 0, effective = 0] = ids(probe, 'Uid');
  const [group = 0] = ids(probe, 'Gid');
  const rows = [...probe.lines('passwd'), ...probe.fileLines('/etc/passwd')].map((line) => line.split(':'));
  const login = ['LOGNAME', 'USER', 'LNAME', 'USERNAME'].map((name) => environment[name]).find(Boolean);
  const byId = rows.find((row) => row[2] === String(real));
  const entry = rows.find((row) => row[0] === login) ?? byId ?? [];
  return {
    user_id: login ?? byId?.[0] ?? String(real),
    user_uid: Number(entry[2] ?? real),
    user_gid: Number(entry[3] ?? group),
    user_gecos: entry[4] ?? '',
    user_dir: entry[5] ?? '',
    user_shell: entry[6] ?? '',
    real_user_id: real,
    effective_user_id: effective,
    real_group_id: group,
    effective_group_id: group,
  };
}

function ids(probe: Probe, name: string): readonly number[] {
  const line = probe.fileLines('/proc/self/status').find((one) => one.startsWith(`${name}:`));
  return line?.split(/\s+/).slice(1).map(Number) ?? [];
}

export function envFacts(probe: Probe): { readonly [name: string]: string } {
  const pairs = probe.section('env').split('\0').filter(Boolean);
  return Object.fromEntries(pairs.map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]));
}
