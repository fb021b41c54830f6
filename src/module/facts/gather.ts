/** Gathers a host's facts in one trip, with Ansible's names and shapes. */

import type { Outcome } from '../../shell/outcome.ts';
import { run, type Steps } from '../../shell/steps.ts';
import type { Plain } from '../../value/value.ts';
import { type Collector, collectorsOf } from './collectors.ts';
import { dateTimeFacts } from './date-time.ts';
import { distributionFacts } from './distribution.ts';
import { filterFacts } from './filter.ts';
import { hardwareFacts } from './hardware.ts';
import { localFacts } from './local-facts.ts';
import { networkFacts } from './network.ts';
import { envFacts, platformFacts, pythonFacts, userFacts } from './platform.ts';
import { Probe } from './probe.ts';
import { factsProgram } from './program.ts';
import * as system from './system.ts';
import { virtualFacts } from './virtual.ts';

export type Facts = { readonly [name: string]: Plain };

export interface GatherOptions {
  /** `all`, `min`, `network`, `!hardware` …; empty means `all`. */
  readonly subset: readonly string[];
  /** Shell patterns for names; none means all. */
  readonly filter?: readonly string[];
  /** Default /etc/ansible/facts.d. */
  readonly factPath?: string;
  /** Seconds for each mounted network file system; default 10. */
  readonly timeout?: number;
}

export interface Gathered {
  /** By their names without `ansible_`. */
  readonly facts: Facts;
  readonly warnings?: readonly string[];
  readonly failed?: string;
}

/** One trip. A subset that does not exist, or a host that fails, is told in `failed`. */
export async function gather(
  host: { apply(steps: Steps): Promise<Outcome> },
  options: GatherOptions,
): Promise<Gathered> {
  const collectors = collectorsOf(options.subset);
  if ('failed' in collectors) return { facts: {}, failed: collectors.failed };
  const outcome = await host.apply(gatherSteps(collectors, options));
  const output = outcome.values['output'];
  if (outcome.failed || typeof output !== 'string')
    return { facts: {}, failed: outcome.msg ?? 'gathering facts failed' };
  return parseFacts(output, collectors, options);
}

/** Steps whose outcome has what `parseFacts` reads as the value `output`. */
export function gatherSteps(collectors: readonly Collector[], options: GatherOptions): Steps {
  const program = factsProgram(collectors, {
    factPath: options.factPath ?? '/etc/ansible/facts.d',
    timeout: options.timeout ?? 10,
  });
  // as the user's own command, so that the environment is the user's
  return [run(program, { harmless: true, changed: false, user: true, result: ({ stdout }) => ({ output: stdout }) })];
}

export function parseFacts(output: string, collectors: readonly Collector[], options: GatherOptions): Gathered {
  const probe = new Probe(output);
  const { local, warnings } = localFacts(probe);
  const facts: { [name: string]: Plain } = {};
  for (const name of collectors) Object.assign(facts, READERS[name](probe, facts));
  if (collectors.includes('local')) facts['local'] = local;
  // interface names may hold dashes, names of variables may not
  const named = Object.entries(facts).map(([name, value]) => [`ansible_${name.replaceAll('-', '_')}`, value] as const);
  const meta = { gather_subset: options.subset.length > 0 ? options.subset : ['all'], module_setup: true };
  const kept = Object.entries(filterFacts({ ...Object.fromEntries(named), ...meta }, options.filter ?? []));
  return { facts: Object.fromEntries(kept.map(([name, value]) => [name.replace(/^ansible_/, ''), value])), warnings };
}

/** Readers get the facts of the collectors before them. */
const READERS: { readonly [name in Collector]: (probe: Probe, facts: { [name: string]: Plain }) => Facts } = {
  platform: platformFacts,
  distribution: distributionFacts,
  lsb: system.lsbFacts,
  selinux: system.selinuxFacts,
  apparmor: system.apparmorFacts,
  chroot: (probe) => system.chrootFacts(probe, envFacts(probe)),
  fips: (probe) => ({ fips: probe.file('/proc/sys/crypto/fips_enabled') === '1' }),
  python: pythonFacts,
  caps: system.capsFacts,
  pkg_mgr: (probe, facts) => ({ pkg_mgr: system.packageManager(probe, facts) }),
  service_mgr: (probe, facts) => ({ service_mgr: system.serviceManager(probe, facts) }),
  cmdline: system.cmdlineFacts,
  date_time: dateTimeFacts,
  env: (probe) => ({ env: envFacts(probe) }),
  loadavg: system.loadavgFacts,
  ssh_pub_keys: system.sshKeyFacts,
  user: userFacts,
  virtual: virtualFacts,
  hardware: (probe, facts) => hardwareFacts(probe, String(facts['architecture'] ?? '')),
  dns: system.dnsFacts,
  fibre_channel_wwn: system.fibreChannelFacts,
  network: networkFacts,
  iscsi: system.iscsiFacts,
  nvme: system.nvmeFacts,
  local: () => ({}),
};
