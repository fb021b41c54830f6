/** A disk as a directory: files that an image must not hold, and files that it may. */

import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const BAKE_KEY = `ssh-ed25519 AAAA${'C3NzaC1lZDI1NTE5'.repeat(4)} playbake-bake`;
export const OTHER_KEY = `ssh-ed25519 AAAA${'Qm9iJ3Mga2V5'.repeat(5)} bob@example.com`;

export const PRIVATE_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});

export type Files = Readonly<Record<string, string>>;

/** Makes a directory with these files below `parent`; a text `-> PATH` makes a link. */
export function disk(parent: string, files: Files): string {
  const root = mkdtempSync(join(parent, 'a disk '));
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(path.endsWith('/') ? file : dirname(file), { recursive: true });
    if (path.endsWith('/')) continue;
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), file);
    else writeFileSync(file, text);
  }
  return root;
}

/** A program in the place of another that ships with the machine. */
export function program(root: string, path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), '#!/bin/sh\n');
  chmodSync(join(root, path), 0o755);
}

export const PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
ann lee:x:1000:1000:Ann:/home/ann lee:/bin/bash`;

/** A machine on which people and packages have worked. */
export const WORN: Files = {
  'etc/passwd': PASSWD,
  'etc/hostname': 'build\n',
  'etc/machine-id': '0123456789abcdef0123456789abcdef\n',
  'var/lib/dbus/machine-id': '0123456789abcdef0123456789abcdef\n',
  'etc/ssh/sshd_config': 'UsePAM yes\n',
  'etc/ssh/ssh_host_rsa_key': PRIVATE_KEY.toString(),
  'etc/ssh/ssh_host_rsa_key.pub': 'ssh-rsa AAAAB3 root@build\n',
  'root/.bash_history': 'apt install nginx\n',
  'root/.ssh/authorized_keys': `no-pty,command="echo no" ${BAKE_KEY}\n`,
  'home/ann lee/.ssh/authorized_keys': `${OTHER_KEY}\n${BAKE_KEY}\n`,
  'home/ann lee/.python_history': 'import os\n',
  'home/ann lee/notes.txt': 'keep me\n',
  'home/ann lee/.ansible_async/j1.1': '{}',
  'var/lib/cloud/instances/i-1/user-data.txt': '#cloud-config\n',
  'var/lib/cloud/instance': '-> /var/lib/cloud/instances/i-1',
  'var/lib/cloud/seed/keep': 'x',
  'var/lib/apt/lists/deb.example_dists_main': 'Package: x\n',
  'var/lib/apt/lists/partial/': '',
  'var/cache/apt/pkgcache.bin': 'x',
  'var/cache/apt/archives/x_1_all.deb': 'x',
  'var/lib/dhcp/dhclient.eth0.leases': 'lease {}',
  'var/lib/playbake/first-boot/done': '',
  'tmp/left over': 'x',
  'tmp/.hidden/file': 'x',
  'tmp/.pb-0123/o': 'the channel that cleans',
  'var/tmp/x': 'x',
  'var/lib/systemd/random-seed': 'seed',
  'var/log/syslog': 'a line\n',
  'var/log/syslog.1': 'a line\n',
  'var/log/apt/history.log': 'a line\n',
  'var/log/apt/term.log.2.gz': 'x',
  'var/log/app-20260101': 'x',
  'var/log/app/empty.log': '',
  'var/log/journal/0123/system.journal': 'x',
  'srv/app/data dir/cache.bin': 'x',
  'srv/app/data dir/kept.txt': 'x',
};
