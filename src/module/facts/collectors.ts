/** Ansible's fact collectors, and which of them a `gather_subset` asks for. */

interface Known {
  readonly ids?: readonly string[];
  readonly needs?: readonly Collector[];
}

export type Collector =
  | 'platform'
  | 'distribution'
  | 'lsb'
  | 'selinux'
  | 'apparmor'
  | 'chroot'
  | 'fips'
  | 'python'
  | 'caps'
  | 'pkg_mgr'
  | 'service_mgr'
  | 'cmdline'
  | 'date_time'
  | 'env'
  | 'loadavg'
  | 'ssh_pub_keys'
  | 'user'
  | 'virtual'
  | 'hardware'
  | 'dns'
  | 'fibre_channel_wwn'
  | 'network'
  | 'iscsi'
  | 'nvme'
  | 'local';

/** Each collector with the facts that may also be named as a subset, and the collectors it needs. */
const COLLECTORS: { readonly [name in Collector]: Known } = {
  platform: {
    ids: ['architecture', 'kernel', 'kernel_version', 'machine', 'machine_id', 'python_version', 'system'],
  },
  distribution: { ids: ['distribution_major_version', 'distribution_release', 'distribution_version', 'os_family'] },
  lsb: {},
  selinux: {},
  apparmor: {},
  chroot: { ids: ['is_chroot'] },
  fips: {},
  python: {},
  caps: { ids: ['system_capabilities', 'system_capabilities_enforced'] },
  pkg_mgr: { needs: ['distribution'] },
  service_mgr: { needs: ['distribution', 'platform'] },
  cmdline: {},
  date_time: {},
  env: {},
  loadavg: {},
  ssh_pub_keys: {
    ids: ['dsa', 'ecdsa', 'ed25519', 'rsa'].map((kind) => `ssh_host_key_${kind}_public`).concat('ssh_host_pub_keys'),
  },
  user: {
    ids: ['user_dir', 'user_gecos', 'user_gid', 'user_id', 'user_shell', 'user_uid'].concat(
      'effective_group_ids',
      'effective_user_id',
      'real_user_id',
    ),
  },
  virtual: {
    ids: ['role', 'tech_guest', 'tech_host', 'type'].map((name) => `virtualization_${name}`),
  },
  hardware: { ids: ['devices', 'mounts', 'processor', 'processor_cores', 'processor_count'], needs: ['platform'] },
  dns: {},
  fibre_channel_wwn: {},
  network: {
    ids: ['all_ipv4_addresses', 'all_ipv6_addresses', 'default_ipv4', 'default_ipv6', 'interfaces'],
    needs: ['distribution', 'platform'],
  },
  iscsi: {},
  nvme: {},
  local: {},
};

/** Ansible's `setup` always gathers these, unless `!min` is given. */
const MINIMAL: readonly Collector[] = [
  ...(['apparmor', 'caps', 'cmdline', 'date_time', 'distribution', 'dns', 'env', 'fips', 'local', 'lsb'] as const),
  ...(['pkg_mgr', 'platform', 'python', 'selinux', 'service_mgr', 'ssh_pub_keys', 'user'] as const),
];

const NAMES = Object.keys(COLLECTORS) as Collector[];

/** Facter and Ohai are programs of Puppet and Chef, which Ansible runs where they are installed. */
const FOREIGN = ['facter', 'ohai'];

/** The collectors of a `gather_subset`, or what is wrong with it, in Ansible's words. */
export function collectorsOf(subset: readonly string[]): readonly Collector[] | { readonly failed: string } {
  const valid = new Set<string>(NAMES.flatMap((name) => [name, ...idsOf(name)]));
  const added = new Set<string>(MINIMAL);
  const excluded = new Set<string>();
  const named = new Set<string>();
  for (const word of subset.length > 0 ? subset : ['all']) {
    const name = word.replace(/^!/, '');
    if (word === 'min') continue;
    if (word === 'all') addAll(added, valid);
    else if (word === '!min') addAll(excluded, MINIMAL);
    else if (word === '!all')
      addAll(
        excluded,
        [...valid].filter((one) => !isMinimal(one)),
      );
    else if (word !== name) addAll(excluded, [name, ...idsOf(name)]);
    else if (FOREIGN.includes(name)) return { failed: `the ${name} subset is not supported: playbake runs no ${name}` };
    else if (!valid.has(name)) return { failed: badSubset(name, valid) };
    else addAll(named, [name]);
  }
  addAll(added, named);
  for (const name of excluded) if (!named.has(name)) added.delete(name);
  return withNeeds(NAMES.filter((name) => added.has(name) || idsOf(name).some((id) => added.has(id))));
}

function withNeeds(names: readonly Collector[]): readonly Collector[] {
  const needed = new Set<string>(names.flatMap((name) => [name, ...(COLLECTORS[name].needs ?? [])]));
  return NAMES.filter((name) => needed.has(name));
}

function badSubset(name: string, valid: ReadonlySet<string>): string {
  const options = [...valid, ...FOREIGN].sort().join(', ');
  return `Bad subset '${name}' given to Ansible. gather_subset options allowed: all, ${options}`;
}

function isMinimal(name: string): boolean {
  return (MINIMAL as readonly string[]).includes(name);
}

/** A name that is no collector has none. */
function idsOf(name: string): readonly string[] {
  const known: { readonly [name: string]: Known } = COLLECTORS;
  return known[name]?.ids ?? [];
}

function addAll(set: Set<string>, names: Iterable<string>): void {
  for (const name of names) set.add(name);
}
