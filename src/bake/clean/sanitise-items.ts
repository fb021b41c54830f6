/** What every image must be without, one item each. Paths begin with `$R`, the root; see `sanitise-shell.ts` for the functions. */

import { BOOT_STATE } from '../../play/first-boot/paths.ts';
import { type Sh, script } from '../../shell/sh.ts';

export interface SanitiseItem {
  /** As `sanitise.keep` names it. */
  readonly name: string;
  /** As a user reads it: what there is no more. */
  readonly title: string;
  readonly clean: Sh;
}

/**
 * A machine without cloud-init, an sshd-keygen unit or an init script that makes host keys would not let anybody in
 * after its first boot: it gets a unit that makes them.
 */
const HOST_KEYS = script(`
im_remove "$R"/etc/ssh/ssh_host_*_key "$R"/etc/ssh/ssh_host_*_key.pub "$R"/etc/ssh/ssh_host_*_key-cert.pub
im_remove "$R"/etc/dropbear/dropbear_*_host_key
im_makes_keys() {
  for f in "$R"/usr/bin/cloud-init "$R"/usr/lib/systemd/system/sshd-keygen*.service "$R"/lib/systemd/system/sshd-keygen*.service \\
    "$R"/etc/systemd/system/*host-keys*.service "$R"/lib/systemd/system/ssh*host*keys*.service; do [ ! -e "$f" ] || return 0; done; return 1
}
if [ -x "$R/usr/bin/ssh-keygen" ] && [ -d "$R/etc/systemd/system" ] && [ -x "$R/usr/sbin/sshd" ] && ! im_kept /etc/ssh && ! im_makes_keys; then
  u="$R"/etc/systemd/system/playbake-host-keys.service w="$R"/etc/systemd/system/multi-user.target.wants
  mkdir -p -- "$w" && printf '%s\\n' '[Unit]' 'Description=Make SSH host keys where there are none' \\
    'Before=ssh.service sshd.service ssh.socket' 'ConditionPathExistsGlob=!/etc/ssh/ssh_host_*_key' '' \\
    '[Service]' 'Type=oneshot' 'ExecStart=/usr/bin/ssh-keygen -A' '' '[Install]' 'WantedBy=multi-user.target' >"$u" &&
    ln -sf ../playbake-host-keys.service "$w/playbake-host-keys.service" && im_tell "$im_item" "$u" || im_failed "$u cannot be written"
fi`);

/** The machine's own name for itself stays an empty file: systemd makes a new one of it at the next boot. */
const MACHINE_ID = script(`
im_empty "$R/etc/machine-id"
[ -L "$R/var/lib/dbus/machine-id" ] || im_remove "$R/var/lib/dbus/machine-id"
im_remove "$R/var/lib/systemd/credential.secret"`);

const CLOUD_INIT = script(`
if im_has cloud-init; then cloud-init clean --logs >/dev/null 2>&1 || :; fi
im_remove "$R/var/lib/cloud/instance" "$R"/var/lib/cloud/instances/* "$R"/var/lib/cloud/data/* "$R"/var/lib/cloud/sem/*
im_remove "$R"/var/log/cloud-init*.log`);

const PACKAGES = script(`
im_remove "$R"/var/lib/apt/lists/* "$R"/var/cache/apt/*.bin "$R"/var/cache/apt/archives/*.deb "$R"/var/cache/apt/archives/partial/*
im_remove "$R"/var/cache/dnf/* "$R"/var/cache/yum/* "$R"/var/cache/zypp/* "$R"/var/cache/apk/* "$R"/etc/apk/cache/* "$R"/var/cache/pacman/pkg/*
im_in_homes im_remove .cache/pip`);

/** A seed is saved again when the machine stops, unless its unit has stopped before. */
const RANDOM_SEED = script(`
if im_has systemctl; then systemctl stop systemd-random-seed.service >/dev/null 2>&1 || :; fi
im_remove "$R/var/lib/systemd/random-seed" "$R/var/lib/urandom/random-seed" "$R/var/lib/misc/random-seed" "$R/var/lib/seedrng"`);

const LEASES = script(`
im_remove "$R"/var/lib/dhcp/*.lease* "$R"/var/lib/dhclient/*.lease* "$R"/var/lib/dhcpcd/*.lease* "$R"/var/lib/dhcpcd5/*.lease*
im_remove "$R"/var/lib/NetworkManager/*.lease "$R"/var/lib/wicked/lease* "$R"/var/lib/udhcpd/*.leases
im_remove "$R/etc/udev/rules.d/70-persistent-net.rules" "$R/var/lib/NetworkManager/secret_key"`);

const HISTORIES = script(`
im_in_homes im_remove .bash_history .zsh_history .zhistory .ash_history .sh_history .history .local/share/fish/fish_history \\
  .python_history .node_repl_history .mysql_history .psql_history .sqlite_history .rediscli_history .lesshst .viminfo .wget-hsts`);

const JOBS = script(`
im_in_homes im_remove .ansible_async .ansible/tmp`);

/** The tasks of a first boot are for each host of the image, whatever this machine did of them. */
const FIRST_BOOT = script(`im_remove "$R${BOOT_STATE}"`);

const TEMPORARY = script(`
im_remove "$R"/tmp/* "$R"/tmp/.[!.]* "$R"/var/tmp/* "$R"/var/tmp/.[!.]*
im_remove "$R"/var/crash/* "$R"/var/lib/systemd/coredump/*`);

/**
 * Rotated logs go, those that services write to are emptied: their owners and modes stay. The journal goes on in
 * memory, and a syslog daemon is stopped until the next boot, or they would write to disk again.
 */
const LOGS = script(`
if im_has journalctl; then journalctl --relinquish-var >/dev/null 2>&1 || :; fi
if im_has systemctl; then systemctl stop syslog.socket rsyslog.service >/dev/null 2>&1 || :; fi
im_remove "$R"/var/log/journal/*
if [ -d "$R/var/log" ]; then
  find "$R/var/log" -xdev -type f \\( -name '*.gz' -o -name '*.xz' -o -name '*.bz2' -o -name '*.zst' -o -name '*.old' \\
    -o -name '*.[0-9]' -o -name '*.[0-9][0-9]' -o -name '*-20[0-9][0-9][0-9][0-9][0-9][0-9]' \\) | im_found im_remove || im_bad=1
  find "$R/var/log" -xdev -type f | im_found im_empty || im_bad=1
fi`);

/** In the order in which they are cleaned: logs come after everything that may write some. */
export const SANITISE_ITEMS: readonly SanitiseItem[] = [
  { name: 'host-keys', title: 'SSH host keys', clean: HOST_KEYS },
  { name: 'machine-id', title: 'machine id', clean: MACHINE_ID },
  { name: 'cloud-init', title: 'cloud-init state', clean: CLOUD_INIT },
  { name: 'histories', title: 'shell histories', clean: HISTORIES },
  { name: 'package-caches', title: 'package lists and caches', clean: PACKAGES },
  { name: 'leases', title: 'DHCP leases', clean: LEASES },
  { name: 'jobs', title: "what tasks' jobs left", clean: JOBS },
  { name: 'first-boot', title: 'what was noted of a first boot', clean: FIRST_BOOT },
  { name: 'temporary', title: 'temporary files', clean: TEMPORARY },
  { name: 'random-seed', title: 'random seed', clean: RANDOM_SEED },
  { name: 'logs', title: 'logs', clean: LOGS },
];
