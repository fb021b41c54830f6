/** The facts program: everything that the collectors want to know, read in one trip and with as few processes as can be. */

import { quote, type Sh, script } from '../../shell/sh.ts';
import type { Collector } from './collectors.ts';

/** What a collector reads. Paths are shell words and may be patterns. */
interface Source {
  readonly files?: string;
  readonly links?: string;
  readonly tests?: string;
  /** Shell that prints sections by `part NAME`. */
  readonly commands?: string;
}

export interface ProgramOptions {
  readonly factPath: string;
  /** Seconds for each mounted network file system. */
  readonly timeout: number;
}

const DMI = '/sys/devices/virtual/dmi/id';
const OS_FILES = `os-release lsb-release altlinux-release oracle-release slackware-version centos-release redhat-release
 openwrt_release system-release alpine-release SuSE-release debian_version fedora-release`.split(/\s+/);
const MANAGERS = `/usr/bin/rpm-ostree /usr/bin/yum /usr/bin/dnf /usr/bin/apt-get /usr/bin/zypper /usr/sbin/urpmi
 /usr/bin/pacman /bin/opkg /usr/pkg/bin/pkgin /sbin/apk /usr/sbin/pkg /usr/bin/emerge /usr/bin/xbps-install
 /usr/bin/swupd /usr/sbin/sorcery /run/ostree-booted`;
const MOUNT_TABLE = '/etc/mtab /proc/mounts';

const SOURCES: { readonly [name in Collector]: Source } = {
  platform: {
    files: `/proc/sys/kernel/hostname /proc/sys/kernel/osrelease /proc/sys/kernel/version /proc/sys/kernel/ostype
 /var/lib/dbus/machine-id /etc/machine-id /etc/hosts`,
    // The fifth byte of an executable says whether it has 32 or 64 bits. The name is looked up as gethostbyaddr does.
    commands: `part machine; echo "$machine"
part elf; head -c 5 /proc/self/exe
if has getent; then read -r x </proc/sys/kernel/hostname; x=$(getent ahosts "$x"); part fqdn; getent hosts "\${x%% *}"; fi`,
  },
  distribution: {
    files: `${OS_FILES.map((name) => `/etc/${name}`).join(' ')} /usr/lib/os-release`,
    tests: '/etc/vmware-release /etc/arch-release',
    links: '/etc/products.d/baseproduct',
  },
  lsb: {
    files: '/etc/lsb-release /etc/os-release',
    // On Debian it says what os-release says, and elsewhere it is often a slow Python program.
    commands: `if has lsb_release; then part lsb
  if [ ! -s /etc/lsb-release ]; then
    x=; while read -r y; do case $y in ID=debian) x=debian;; esac; done </etc/os-release
    if [ -n "$x" ]; then echo debian; else lsb_release -a; fi
  fi
fi`,
  },
  selinux: {
    files: '/sys/fs/selinux/enforce /sys/fs/selinux/policyvers /etc/selinux/config',
    tests: '/sys/fs/selinux',
  },
  apparmor: { tests: '/sys/kernel/security/apparmor' },
  chroot: {
    commands: `part root; stat -L -c '%i %d' / /proc/1/root/. && [ -e /proc/1/root/. ] || { part rootfs; stat -f -c %T /; }`,
  },
  fips: { files: '/proc/sys/crypto/fips_enabled' },
  python: {
    // Where Ansible looks for the interpreter of its modules.
    commands: `for x in /usr/bin/python3 /usr/local/bin/python3 /usr/libexec/platform-python; do
  if [ -x "$x" ]; then
    part python; y=$("$x" --version); printf '%s %s' "$x" "$y"; y=\${y#Python }; y=\${y%.*}
    for z in /usr/lib/python"$y"/lib-dynload/_ssl*.so /usr/lib64/python"$y"/lib-dynload/_ssl*.so \\
      /usr/local/lib/python"$y"/lib-dynload/_ssl*.so; do if [ -e "$z" ]; then printf ' ssl'; break; fi; done
    break
  fi
done`,
  },
  caps: { commands: 'if has capsh; then part caps; capsh --print; fi' },
  pkg_mgr: {
    tests: MANAGERS,
    commands: `if [ -e /usr/bin/apt-get ] && [ -e /usr/bin/rpm ]; then
  if /usr/bin/rpm -q --whatprovides /usr/bin/apt-get >/dev/null; then part apt_rpm; fi
fi`,
  },
  service_mgr: {
    files: '/proc/1/comm',
    links: '/sbin/init',
    tests: '/run/systemd/system /dev/.run/systemd /dev/.systemd /etc/init /sbin/openrc /etc/init.d',
    commands: 'for x in systemctl initctl; do if has "$x"; then part "$x"; fi; done',
  },
  cmdline: { files: '/proc/cmdline' },
  date_time: {
    commands: `part date; x=$(date '+%s %N %Z %z %w %W %Y %m %d %H %M %S %A'); echo "$x"
case $x in *' UTC '*) ;; *)
  x=\${x%% *}; x=$((x - x % 31557600)); part zones
  date -d "@$x" '+%Z %z'; date -d "@$((x + 15778800))" '+%Z %z';;
esac`,
  },
  env: {},
  loadavg: { files: '/proc/loadavg' },
  ssh_pub_keys: { files: '/etc/ssh/ssh_host_*_key.pub /etc/openssh/ssh_host_*_key.pub /etc/ssh_host_*_key.pub' },
  user: {
    files: '/proc/self/status /etc/passwd',
    commands: `x=\${LOGNAME:-\${USER:-\${LNAME:-$USERNAME}}}
if has getent; then part passwd; { [ -n "$x" ] && getent passwd "$x"; } || getent passwd "$(id -u)"; fi`,
  },
  virtual: {
    files: `/proc/1/cgroup /run/systemd/container /proc/xen/capabilities /proc/self/status /proc/cpuinfo /proc/modules
 ${DMI}/product_name ${DMI}/sys_vendor ${DMI}/product_family ${DMI}/bios_vendor`,
    tests: '/proc/vz /proc/lve /proc/bc /.dockerenv /.dockerinit /proc/xen /dev/kvm /rhev',
    commands: `if [ -r /proc/1/environ ]; then part init; tr '\\000' '\\n' </proc/1/environ; fi
case $machine in s390*) if has lscpu; then part lscpu; lscpu; fi;; esac`,
  },
  hardware: {
    files: `/proc/meminfo /proc/cpuinfo /proc/uptime /proc/self/status /sys/hypervisor/type ${DMI}/* ${MOUNT_TABLE}
 /proc/self/mountinfo /sys/block/*/removable /sys/block/*/size /sys/block/*/queue/discard_granularity
 /sys/block/*/queue/rotational /sys/block/*/queue/scheduler /sys/block/*/queue/logical_block_size
 /sys/block/*/device/vendor /sys/block/*/device/model /sys/block/*/device/sas_address
 /sys/block/*/device/sas_device_handle /sys/block/*/device/serial /sys/block/*/*/start /sys/block/*/*/size
 /sys/block/*/holders/*/dm/name /sys/block/*/*/holders/*/dm/name`,
    links: `/sys/block/* /sys/block/*/slaves/* /sys/block/*/holders/* /sys/block/*/*/holders/* /dev/disk/by-id/*
 /dev/disk/by-uuid/* /dev/disk/by-label/* /dev/mapper/*`,
    tests: `/proc/xen ${DMI}/product_name`,
    commands: `if has lspci; then part lspci; lspci -D; fi
if has sg_inq; then part sg_inq; for x in /sys/block/*/device; do
  x=\${x%/device}; echo "@\${x##*/}"; sg_inq "/dev/\${x##*/}"
done; fi
lvm_facts`,
  },
  dns: { files: '/etc/resolv.conf' },
  fibre_channel_wwn: { files: '/sys/class/fc_host/*/port_name' },
  network: {
    files: ['address', 'mtu', 'operstate', 'type', 'speed', 'flags', 'bridge/bridge_id', 'bridge/stp_state']
      .concat(['slaves', 'mode', 'miimon', 'lacp_rate', 'primary', 'all_slaves_active'].map((it) => `bonding/${it}`))
      .concat('bonding_slave/perm_hwaddr')
      .map((name) => `/sys/class/net/*/${name}`)
      .join(' '),
    links: '/sys/class/net/*/device /sys/class/net/*/device/driver/module /sys/class/net/*/brif/*',
    tests: '/sys/class/net/* /sys/class/net/*/bridge /sys/class/net/*/bonding /sys/class/net/*/bonding_slave',
    commands: `if has ip; then part addresses; ip addr show; part route4; ip -4 route get 8.8.8.8
part route6; ip -6 route get 2404:6800:400a:800::1012
else part nets; cat /proc/net/route; part tries; cat /proc/net/fib_trie; part if_inet6; cat /proc/net/if_inet6; fi`,
  },
  iscsi: { files: '/etc/iscsi/initiatorname.iscsi' },
  nvme: { files: '/etc/nvme/hostnqn' },
  local: {},
};

/** The environment comes first, as the user's login has it; the rest runs in the C locale. */
const START = `part() { printf '\\0\\0%s\\n' "$1"; }
has() { command -v "$1" >/dev/null 2>&1; }
part env; cat /proc/self/environ
LC_ALL=C; export LC_ALL; PATH=$PATH:/sbin:/usr/sbin:/usr/local/sbin; exec 2>/dev/null; machine=$(uname -m)`;

/** LVM's tools are slow, so they run only where a physical volume can be. */
const LVM = `lvm_facts() {
  has vgs && [ "$(id -u)" -eq 0 ] || return 0
  part lvm
  if [ -d /run/udev/data ] && [ ! -e /sys/block/dm-0 ]; then grep -qs LVM2_member /run/udev/data/b* || return 0; fi
  for x in vgs lvs pvs; do
    part "$x"; "$x" --noheadings --nosuffix --units g --separator ,
  done
}`;

function mountSizes(timeout: number): string {
  return `if [ -e /etc/mtab ]; then x=/etc/mtab; else x=/proc/mounts; fi
f='%b %a %S %s %c %d %n'; late=; set --
if has timeout; then late='timeout ${timeout}'; fi
part statfs
set -f; IFS='
'
for x in $(cat "$x"); do
  dev=\${x%% *} x=\${x#* }; dir=\${x%% *} x=\${x#* }; type=\${x%% *}
  case $dev in /* | \\\\* | *:/*) ;; *) continue;; esac
  case $dir in *\\\\*) dir=$(printf %b "$dir");; esac
  case $type in
    none) ;;
    nfs* | cifs | smb* | fuse* | 9p | ceph | glusterfs | afs | autofs)
      IFS=' '; $late stat -f -c "$f" "$dir"; if [ $? -eq 124 ]; then echo "late $dir"; fi;;
    *) set -- "$@" "$dir";;
  esac
done
unset IFS; set +f
if [ $# -gt 0 ]; then stat -f -c "$f" "$@"; fi`;
}

function localFacts(path: string): string {
  return `n=0
for x in ${quote(path)}/*.fact; do
  [ -e "$x" ] || continue
  n=$((n + 1)); part "local$n"
  if [ -x "$x" ]; then { y=$("$x" 2>&1 >&3 </dev/null); r=$?; } 3>&1; else cat "$x"; y=; r=0; fi
  part "said$n"; printf '%s\\n%s\\n%s' "$r" "$x" "$y"
done`;
}

/** The program of some collectors; `Probe` reads what it prints. Commands run beside the reading of files. */
export function factsProgram(collectors: readonly Collector[], options: ProgramOptions): Sh {
  const sources = collectors.map((name) => SOURCES[name]);
  const words = (pick: (source: Source) => string | undefined) => [
    ...new Set(sources.flatMap((source) => pick(source)?.split(/\s+/).filter(Boolean) ?? [])),
  ];
  const commands = [':', ...sources.map((source) => source.commands ?? '')];
  const hardware = collectors.includes('hardware');
  return script(
    [
      START,
      hardware ? LVM : '',
      '{',
      ...commands,
      hardware ? mountSizes(options.timeout) : '',
      '} >"$pb_d/facts" &',
      `part files; grep -asH '' ${words((source) => source.files).join(' ')} /dev/null`,
      `part links; ls -ld ${words((source) => source.links).join(' ')} /dev/null`,
      `part tests; for x in ${words((source) => source.tests).join(' ')}; do if [ -e "$x" ]; then echo "$x"; fi; done`,
      'wait; cat "$pb_d/facts"',
      collectors.includes('local') ? localFacts(options.factPath) : '',
      'exit 0',
    ]
      .filter(Boolean)
      .join('\n'),
  );
}
