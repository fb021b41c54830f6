/** What a case must have left on its hosts: one digest over contents, owners and modes, the same for every engine. */

import { createHash } from 'node:crypto';
import type { Case } from './cases.ts';
import type { Hosts } from './hosts.ts';

const FILES = '/etc/motd /usr/local/bin/ledger /etc/security/limits.d/ledger.conf /etc/profile.d/ledger.sh';
const PROGRAMS: { readonly [work: string]: string } = {
  p3: `cd /
files='${FILES} /etc/hosts /etc/default/cron /etc/login.defs'
cat $files /etc/ledger/* /srv/ledger/accounts /srv/ledger/state/journal
stat -c '%n %U:%G %a %F' $files /etc/ledger /etc/ledger/* /srv/ledger /srv/ledger/*
stat -c '%n %s' /srv/ledger/state/*
getent passwd ledger; getent group ledger; readlink /srv/ledger/ledger.ini
systemctl is-active cron; systemctl is-enabled cron`,
  p4a: 'sha256sum /var/tmp/bench/large',
  p4b: 'cd /var/tmp/bench && ls && cat *',
};

/** Before a run of work that leaves files of its own. */
export async function clear({ hosts: count, work }: Case, hosts: Hosts): Promise<void> {
  if (work !== 'p4a' && work !== 'p4b') return;
  const program = 'rm -rf /var/tmp/bench && install -d -o ubuntu /var/tmp/bench';
  for (const { name } of hosts.machines.slice(0, count)) await hosts.ask(name, program);
}

/** Undefined for work that leaves nothing. */
export async function endState({ hosts: count, work }: Case, hosts: Hosts): Promise<string | undefined> {
  const program = PROGRAMS[work];
  if (program === undefined) return undefined;
  const hash = createHash('sha256');
  for (const { name } of hosts.machines.slice(0, count)) hash.update(await hosts.ask(name, program));
  return hash.digest('hex').slice(0, 12);
}
