/** Variables as a task of the first boot may read them: not what only the booting host will know. */

import { Fault, type Where } from '../../fault.ts';
import type { Layer } from '../../template/templar.ts';
import type { Dict, Value } from '../../value/value.ts';
import type { HostState } from '../host-state.ts';
import { LazyDict } from '../lazy-dict.ts';

/** Facts, without `ansible_`, that each host of an image has of its own. */
const OWN = new RegExp(
  `^(?:${[
    'all_ipv[46]_addresses|default_ipv[46]|interfaces|hostname|fqdn|nodename|domain|dns|machine_id',
    'product_.*|board_.*|bios_.*|chassis_.*|system_vendor|form_factor|hostnqn|iscsi_iqn|fibre_channel_wwn',
    'mem(?:ory|total|free).*|swap.*|processor.*|devices|device_links|mounts|lvm|ssh_host_key_.*',
    'date_time|uptime_seconds|loadavg|env|user_.*|cmdline|proc_cmdline|kernel|kernel_version',
  ].join('|')})$`,
);

/** Whether a fact tells of one host and not of its image. */
export function isOfHost(fact: string, facts: Dict): boolean {
  const interfaces = facts.get('interfaces');
  const names = Array.isArray(interfaces) ? interfaces.map((name) => String(name).replaceAll(/\W/g, '_')) : [];
  return OWN.test(fact) || names.includes(fact);
}

export interface BootScopeInput {
  readonly host: HostState;
  /** Names that tasks of the first boot register. */
  readonly registered: ReadonlySet<string>;
  readonly where: Where;
}

/** Comes before all other layers. */
export function bootLayer({ host, registered, where }: BootScopeInput): Layer {
  const get = (name: string): Value | undefined => {
    if (name === 'playbake_now') return true; // A host that boots is live.
    if (name === 'inventory_hostname' || name === 'inventory_hostname_short') {
      throw refusal(name, where, 'it is the image’s name here, and a host learns its own when it boots');
    }
    if (name === 'ansible_facts') return guarded(host.facts, where);
    if (registered.has(name)) throw refusal(name, where, 'a task of the first boot registers it, when it is too late');
    const fact = name.replace(/^ansible_/, '');
    if (fact === name || !isOfHost(fact, host.facts)) return undefined;
    throw refusal(name, where, 'it is known only when the host boots');
  };
  return { get, names: () => [], templated: false };
}

function guarded(facts: Dict, where: Where): Dict {
  return new LazyDict(
    (name) => {
      if (!isOfHost(name, facts)) return facts.get(name);
      throw refusal(`ansible_facts.${name}`, where, 'it is known only when the host boots');
    },
    () => [...facts.keys()].map(String).filter((name) => !isOfHost(name, facts)),
  );
}

function refusal(name: string, where: Where, because: string): Fault {
  return new Fault('first-boot-unsupported', `a task of the first boot reads ${name}: ${because}`, {
    where,
    hint: 'have a command or script ask for it at boot, such as  shell: set-name "$(hostname)"',
  });
}
