/** The root file system that all machines share: plain Debian, built once for each recipe. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { arch, env } from 'node:process';
import { readAptSettings } from './apt-settings.ts';
import { inGroup } from './cgroup.ts';
import { removeTree } from './mounts.ts';
import { run } from './run.ts';

export const RELEASE = 'bookworm';
export const USER = 'ubuntu';

const PACKAGES = [
  'openssh-server sudo systemd systemd-sysv libpam-systemd dbus iproute2 iputils-ping ca-certificates procps cron less',
  'curl rsync passwd netbase acl python3 python3-apt',
].flatMap((line) => line.split(' '));

/** Runs inside, as root, when the packages are there. */
const SETUP = `
useradd --create-home --shell /bin/bash --uid 1000 ${USER}
useradd --create-home --shell /bin/bash --groups sudo ops
echo ops:sandbox | chpasswd
echo '${USER} ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/90-cloud-init-users
chmod 0440 /etc/sudoers.d/90-cloud-init-users
echo LANG=C.UTF-8 >/etc/default/locale

# Nothing wakes up by itself, nothing waits for hardware that is not there.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \\
  console-getty.service getty@tty1.service systemd-networkd-wait-online.service
do ln -sf /dev/null /etc/systemd/system/$unit; done

# Debian's sshd answers before users may log in; here a banner means that they can.
mkdir -p /etc/systemd/system/ssh.service.d
printf '[Unit]\\nAfter=systemd-user-sessions.service\\n' >/etc/systemd/system/ssh.service.d/logins.conf

# A root file system that may be lost needs no fsync; machines get only the packages that were asked for.
echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/sandbox
cat >/etc/apt/apt.conf.d/70sandbox <<CONF
APT::Install-Recommends "false";
Acquire::Languages "none";
Acquire::GzipIndexes "true";
CONF
rm -f /etc/apt/apt.conf.d/99mmdebstrap /etc/ssh/ssh_host_*
`;

/** Changes with whatever the base is made from, so that a newer playbake builds a newer base. */
export const RECIPE = createHash('sha256')
  .update(JSON.stringify([RELEASE, PACKAGES, SETUP, arch]))
  .digest('hex')
  .slice(0, 12);

export interface BuildOptions {
  /** The control group folders in which to build, so that what a killed build left running can be found. */
  readonly group: readonly string[];
  readonly onProgress: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The folder of the base below `bases`, built if it is not there. */
export async function ensureBase(bases: string, options: BuildOptions): Promise<string> {
  const base = join(bases, RECIPE);
  if (existsSync(base)) return base;
  const building = `${base}.building`;
  await removeTree(building);
  await mkdir(bases, { recursive: true });
  options.onProgress(`building the base image, Debian ${RELEASE} (once; about a minute)`);
  await bootstrap(building, options);
  await rename(building, base);
  return base;
}

async function bootstrap(target: string, { group, onProgress, signal }: BuildOptions): Promise<void> {
  const apt = await readAptSettings(RELEASE);
  const proxies = env['http_proxy'] ? [`Acquire::http::Proxy "${env['http_proxy']}";`] : [];
  const options = [...proxies, ...apt.options].map((line) => `--aptopt=${line.replace(/;$/, '')}`);
  const hook = `--customize-hook=chroot "$1" sh -eu <<'SETUP'\n${SETUP}\nSETUP`;
  const settings = ['--mode=root', '--variant=minbase', '--format=directory', `--include=${PACKAGES.join(',')}`];
  const command = ['mmdebstrap', ...settings, ...options, hook, RELEASE, target, ...apt.sources] as const;
  await run(inGroup(group, command), { signal, onLine: (line) => step(line, onProgress) });
}

/** mmdebstrap begins the lines that tell what it does with `I:`. */
function step(line: string, onProgress: (message: string) => void): void {
  const text = /^I: (.+?)(?:\.\.\.)?$/.exec(line)?.[1];
  if (text !== undefined && !/mode|architecture|automatically|writes? /.test(text)) onProgress(`  ${text}`);
}
