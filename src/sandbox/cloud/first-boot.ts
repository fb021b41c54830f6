/**
 * What an instance does at its boots before anybody logs in, and after: the first steps that cloud-init takes on EC2.
 * It is bound into the machine below /run, so that nothing of it is on the disk, nor in an image of that.
 */

import { quote } from '../../shell/sh.ts';
import { type Config, ConfigError, commandScript, compileConfig, endingLines, readConfig } from './cloud-config.ts';
import { FUNCTIONS } from './first-boot-functions.ts';
import type { InstanceRecord } from './instance-record.ts';
import { readUserData, type UserDataPart } from './user-data.ts';

/** Where the machine finds its seed. */
export const SEED = '/run/instance-seed';

export interface Seed {
  /** Contents by name. */
  readonly files: ReadonlyMap<string, string | Buffer>;
  /** Names of files that the machine also finds elsewhere: the path there. */
  readonly placed: Readonly<Record<string, string>>;
}

/** The host name that an address gives, as EC2 makes it. */
export function hostnameOf(address: string): string {
  return `ip-${address.replaceAll('.', '-')}`;
}

/** `hosts` are lines that /etc/hosts needs to reach the world from here. */
export function seedOf(instance: InstanceRecord, hosts: readonly string[]): Seed {
  const { config, problems, parts } = gathered(Buffer.from(instance.userData ?? '', 'base64'));
  const keys = instance.publicKey === undefined ? [] : [instance.publicKey];
  const { first, last } = compileConfig(config, hostnameOf(instance.address), keys);
  const hooks = [...numbered(parts, 'boothook', 'hook'), ...nonEmpty('bootcmd', commandScript(config, 'bootcmd'))];
  const scripts = [...numbered(parts, 'script', 'part'), ...nonEmpty('runcmd', commandScript(config, 'runcmd'))];
  const told = problems.map((problem) => `say ${quote(`user-data: ${problem}`)}`);
  // The key of `sandbox ssh` is for hosts; an image of one's own has the keys that it was given.
  const isPristine = instance.layers[0]?.startsWith('settings/') === true;
  const begin = isPristine ? ['rm -f /home/*/.ssh/authorized_keys'] : [];
  const settle = [...begin, ...first, ...hosts.map((line) => `ensure_host ${quote(line)}`)];
  const init = initLines(
    hooks.map(([name]) => name),
    told,
    settle,
  );
  const final = finalLines(
    scripts.map(([name]) => name),
    last,
    endingLines(config),
  );
  return {
    files: new Map<string, string | Buffer>([
      ['init', program(instance.id, 'init', init)],
      ['final', program(instance.id, 'modules:final', final)],
      ...hooks,
      ...scripts,
      [INIT, INIT_UNIT],
      [FINAL, FINAL_UNIT],
      ['wanted.conf', `[Unit]\nWants=${INIT} ${FINAL}\n`],
    ]),
    placed: {
      [INIT]: `${UNITS}/${INIT}`,
      [FINAL]: `${UNITS}/${FINAL}`,
      'wanted.conf': `${UNITS}/multi-user.target.d/50-instance.conf`,
    },
  };
}

const UNITS = '/run/systemd/system';
const INIT = 'instance-init.service';
const FINAL = 'instance-final.service';

const INIT_UNIT = `[Unit]
Description=First steps of an instance, before logins
DefaultDependencies=no
After=local-fs.target systemd-tmpfiles-setup.service systemd-sysusers.service
Before=ssh.service ssh.socket systemd-user-sessions.service cron.service
Conflicts=shutdown.target
Before=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh ${SEED}/init
KillMode=process
TimeoutStartSec=infinity
TimeoutStopSec=15
TasksMax=infinity
`;

const FINAL_UNIT = `[Unit]
Description=First steps of an instance, when all else is up
After=network-online.target instance-init.service ssh.service systemd-user-sessions.service dbus.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh ${SEED}/final
KillMode=process
TimeoutStartSec=infinity
TimeoutStopSec=15
TasksMax=infinity
`;

interface Gathered {
  readonly config: Config;
  readonly parts: readonly UserDataPart[];
  /** What must be told of. */
  readonly problems: readonly string[];
}

/** Of several configs the keys of a later one stand, as cloud-init merges them unless told otherwise. */
function gathered(userData: Buffer): Gathered {
  const parts = readUserData(userData);
  const problems: string[] = [];
  let config: Config = {};
  for (const part of parts) {
    if (part.kind === 'unknown') problems.push(part.why);
    if (part.kind !== 'config') continue;
    try {
      config = { ...config, ...readConfig(part.text) };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(error.message);
    }
  }
  return { config, parts, problems };
}

/** The parts of one kind as files, numbered by their place among all. */
function numbered(
  parts: readonly UserDataPart[],
  kind: 'script' | 'boothook',
  name: string,
): readonly [string, Buffer][] {
  return parts.flatMap((part, index): [string, Buffer][] => {
    return part.kind === kind ? [[`${name}-${String(index + 1).padStart(3, '0')}`, part.content]] : [];
  });
}

function nonEmpty(name: string, content: string): readonly [string, string][] {
  return content === '' ? [] : [[name, content]];
}

/** A program whose output goes to the console and to cloud-init's log. */
function program(id: string, stage: string, lines: readonly string[]): string {
  return `#!/bin/sh
umask 022
export HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export INSTANCE_ID=${id}
seed=${SEED}
here=/var/lib/cloud/instances/${id}
mkdir -p /run/cloud-init "$here/sem" "$here/scripts"
ln -sfn "$here" /var/lib/cloud/instance
pipe=$(mktemp -u /run/cloud-init/output.XXXXXX)
mkfifo -m 0600 "$pipe"
tee -a /var/log/cloud-init-output.log <"$pipe" >/dev/console &
exec >"$pipe" 2>&1
rm -f "$pipe"
cd /
${FUNCTIONS}
say "Cloud-init v. sandbox running '${stage}' at $(date -R). Up $(uptime_seconds) seconds."
${lines.join('\n')}
`;
}

function initLines(hooks: readonly string[], told: readonly string[], first: readonly string[]): readonly string[] {
  return [
    ...told,
    ...hooks.flatMap((name) => [`install -m 0700 "$seed/${name}" "$here/${name}"`, `"$here/${name}" </dev/null`]),
    'if [ ! -e "$here/sem/config_init" ]; then',
    ...first,
    'tell_host_keys',
    ': >"$here/sem/config_init"',
    'fi',
  ];
}

/** A script is marked before it runs: one that ended the machine does not run again. */
function finalLines(scripts: readonly string[], last: readonly string[], ending: readonly string[]): readonly string[] {
  return [
    'if [ ! -e "$here/sem/config_final" ]; then',
    ': >"$here/sem/config_final"',
    ...last,
    ...scripts.flatMap((name) => [
      `install -m 0700 "$seed/${name}" "$here/scripts/${name}"`,
      `"$here/scripts/${name}" </dev/null || say "Failed to run module scripts-user: ${name} ended with exit status $?"`,
    ]),
    ...ending,
    'fi',
    'up=$(uptime_seconds)',
    'printf "%s - %s - v. sandbox\\n" "$up" "$(date -R)" >"$here/boot-finished"',
    'say "Cloud-init v. sandbox finished at $(date -R). Datasource DataSourceEc2Local.  Up $up seconds"',
  ];
}
