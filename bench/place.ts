/** What one case is played on, written down for every engine: inventory, known keys, scripts and files. */

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Case } from './cases.ts';
import type { Hosts } from './hosts.ts';

export interface Place {
  readonly playbook: string;
  readonly inventory: string;
  readonly addresses: readonly string[];
  readonly user: string;
  readonly key: string;
  readonly knownHosts: string;
  /** Files to copy: `large`, and `small/0` … `small/199`. */
  readonly content: string;
  /** What a floor sends to a shell. */
  readonly script: string;
  /** Empty, and gone after the run. */
  readonly scratch: string;
}

const HERE = import.meta.dirname;
const COMMANDS = 50;

export interface Named {
  readonly name: string;
  readonly address: string;
}

/** @param work a directory that stays for all cases. */
export async function placeOf(one: Case, hosts: Hosts, named: readonly Named[], work: string): Promise<Place> {
  const content = join(work, 'content');
  const [inventory, knownHosts] = [join(work, 'hosts.ini'), join(work, 'known_hosts')];
  await makeContent(content);
  const lines = await Promise.all(
    named.map(async ({ name, address }) => `${name},${address} ${await hosts.hostKey(name)}\n`),
  );
  await writeFile(knownHosts, lines.join(''));
  await writeFile(inventory, inventoryText(named, hosts, knownHosts, content));
  const scratch = join(work, 'scratch');
  await mkdir(scratch, { recursive: true });
  return {
    playbook: await playbookOf(one.work, work),
    inventory,
    addresses: named.map(({ address }) => address),
    user: hosts.user,
    key: hosts.key,
    knownHosts,
    content,
    script: await scriptOf(one.work, work),
    scratch,
  };
}

function inventoryText(named: readonly Named[], hosts: Hosts, knownHosts: string, content: string): string {
  return `${named.map(({ name, address }) => `${name} ansible_host=${address}\n`).join('')}
[all:vars]
ansible_user=${hosts.user}
ansible_ssh_private_key_file=${hosts.key}
ansible_ssh_common_args='-F none -o IdentitiesOnly=yes -o UserKnownHostsFile=${knownHosts}'
ansible_python_interpreter=/usr/bin/python3
content=${content}
`;
}

async function makeContent(content: string): Promise<void> {
  if (existsSync(content)) return;
  await mkdir(join(content, 'small'), { recursive: true });
  await writeFile(join(content, 'large'), randomBytes(50 * 2 ** 20));
  for (let file = 0; file < 200; file++) {
    const lines = Array.from({ length: 40 + (file % 40) }, (_, line) => `file ${file}, line ${line}\n`);
    await writeFile(join(content, 'small', String(file)), lines.join(''));
  }
}

const PLAYBOOKS: { readonly [work: string]: string } = { version: 'p2', 'first-byte': 'p2', syntax: 'p3' };

async function playbookOf(work: Case['work'], directory: string): Promise<string> {
  const commands = { one: 1, p1: COMMANDS }[String(work)];
  if (commands === undefined) return join(HERE, 'playbooks', `${PLAYBOOKS[work] ?? work}.yml`);
  const path = join(directory, `${work}.yml`);
  const tasks = Array.from({ length: commands }, (_, index) => {
    return `    - name: Command ${index + 1}\n      ansible.builtin.command: /bin/true\n`;
  });
  await writeFile(path, `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.join('')}`);
  return path;
}

async function scriptOf(work: Case['work'], directory: string): Promise<string> {
  const path = join(directory, `${work}.sh`);
  if (work === 'one') await writeFile(path, '/bin/true\n');
  if (work === 'p1') await writeFile(path, `set -e\n${'/bin/true\n'.repeat(COMMANDS)}`);
  if (work === 'p2') await writeFile(path, await readFile(join(HERE, 'floor/p2.sh')));
  if (work === 'p3') await writeFile(path, (await files()) + (await readFile(join(HERE, 'floor/p3.sh'), 'utf8')));
  return path;
}

/** The files of p3 as variables of a shell: `file_ledger_sh='…'`, in base64. */
async function files(): Promise<string> {
  const folder = join(HERE, 'playbooks/files');
  const lines = (await readdir(folder)).map(async (name) => {
    const bytes = await readFile(join(folder, name));
    return `file_${name.replaceAll('.', '_')}='${bytes.toString('base64')}'\n`;
  });
  return (await Promise.all(lines)).join('');
}
