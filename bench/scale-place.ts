/** As many SSH hosts as wanted: two hundred machines, and sshd processes on them for the rest, each with a port of its own. */

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Case } from './cases.ts';
import type { Hosts } from './hosts.ts';
import type { Place } from './place.ts';

/** At most; the others are processes. */
export const MACHINES = 200;
const VARIABLES = 200;
const FIRST_PORT = 2200;

/** Each host has two hundred variables of its own. */
export async function scalePlace({ hosts: count }: Case, hosts: Hosts, work: string): Promise<Place> {
  const directory = join(work, 'scale');
  const machines = hosts.machines.slice(0, Math.min(count, MACHINES));
  const ports = Math.ceil(count / machines.length) - 1;
  await Promise.all(machines.map(({ name }) => hosts.ask(name, serve(ports))));
  const all = [22, ...Array.from({ length: ports }, (_, index) => FIRST_PORT + index)]
    .flatMap((port) => machines.map(({ name, address }) => ({ name: `${name}-${port}`, machine: name, address, port })))
    .slice(0, count);
  await rm(directory, { recursive: true, force: true });
  await mkdir(join(directory, 'host_vars'), { recursive: true });
  for (const { name } of all) await writeFile(join(directory, 'host_vars', `${name}.yml`), variablesOf(name));
  const keys = await Promise.all(
    machines.map(async ({ name, address }) => `${address} ${await hosts.hostKey(name)}\n`),
  );
  const [inventory, knownHosts] = [join(directory, 'hosts.ini'), join(directory, 'known_hosts')];
  await writeFile(knownHosts, keys.join(''));
  await writeFile(
    inventory,
    `${all.map(({ address, name, port }) => `${name} ansible_host=${address} ansible_port=${port}\n`).join('')}
[all:vars]
ansible_user=${hosts.user}
ansible_ssh_private_key_file=${hosts.key}
ansible_ssh_common_args='-F none -o IdentitiesOnly=yes -o UserKnownHostsFile=${knownHosts}'
`,
  );
  return {
    playbook: join(import.meta.dirname, 'playbooks/scale.yml'),
    inventory,
    addresses: all.map(({ address }) => address),
    user: hosts.user,
    key: hosts.key,
    knownHosts,
    content: '',
    script: '',
    scratch: join(work, 'scratch'),
  };
}

/** Without PAM, which would make every login a session of systemd; sshd then refuses accounts whose password is locked. */
function serve(ports: number): string {
  return `set -e
rm -rf /var/tmp/bench
install -d -o ubuntu /var/tmp/bench
usermod -p '*' ubuntu
port=${FIRST_PORT}
while [ $port -lt ${FIRST_PORT + ports} ]; do
  pid=/run/sshd-$port.pid
  [ -e $pid ] && kill -0 "$(cat $pid)" 2>/dev/null ||
    /usr/sbin/sshd -o Port=$port -o UsePAM=no -o PidFile=$pid </dev/null >/dev/null 2>&1
  port=$((port + 1))
done
`;
}

function variablesOf(host: string): string {
  const lines = [`mark: "mark of ${host}"`];
  for (let number = 1; lines.length < VARIABLES - 1; number++) lines.push(`value_${number}: "${number} of ${host}"`);
  lines.push(`value_${VARIABLES - 1}: "{{ value_1 }} and {{ mark }}"`);
  return `${lines.join('\n')}\n`;
}
