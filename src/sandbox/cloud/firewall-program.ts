/** The security groups of all instances and load balancers as one nftables program; pure. */

import { anyLinkOf, groupsTableOf, linkOf, type Subnet } from '../subnet.ts';
import type { LoadBalancerRecord } from './balancing/balancing-records.ts';
import { firewallRule, membersOf } from './firewall-rule.ts';
import { exists, type InstanceRecord } from './instance-record.ts';
import type { CloudState } from './state.ts';

/**
 * Replaces the table whole. Each instance is behind a link of its own, so that all packets to and from it are routed here:
 * the kernel tells answers from questions, as EC2's groups do. What instances ask of this machine itself (names, the
 * mirrors that it hands on, instance metadata) is not filtered, as EC2's own services are not. A load balancer has an
 * address of this machine: what it is asked, and what it asks by itself, is filtered by its own groups, if it has any.
 */
export function firewallProgram({ regions }: CloudState, subnet: Subnet): string {
  const all = Object.values(regions);
  const instances = all.flatMap((region) => Object.values(region.instances)).filter(exists);
  const rules = all.flatMap((region) => Object.values(region.securityGroupRules));
  const balancers = all.flatMap((region) => Object.values(region.loadBalancers));
  const name = groupsTableOf(subnet);
  const head = `table ip ${name} {}\ndelete table ip ${name}\n`;
  if (instances.length + balancers.length === 0) return head;
  const members = [...instances, ...balancers];
  const groupIds = unique(members.flatMap((member) => member.groupIds));
  const spokenOf = unique(
    rules.flatMap(({ groupId, peer }) => (groupIds.includes(groupId) && peer.groupId ? [peer.groupId] : [])),
  );
  const addresses = (of: readonly { readonly address: string }[]) => of.map(({ address }) => address);
  const parts = [
    set('instances', addresses(instances)),
    ...unique(instances.map(({ vpcId }) => vpcId)).map((id) =>
      set(id, addresses(instances.filter(({ vpcId }) => vpcId === id))),
    ),
    ...spokenOf.map((id) => set(membersOf(id), addresses(members.filter((member) => member.groupIds.includes(id))))),
    ...groupIds.flatMap((id) =>
      [false, true].map((egress) => {
        const own = rules.filter((rule) => rule.groupId === id && rule.egress === egress);
        return chain(
          `${id}-${egress ? 'out' : 'in'}`,
          own.map(firewallRule).filter((rule) => rule !== undefined),
        );
      }),
    ),
    ...instances.flatMap((instance) => [leaving(instance), arriving(instance)]),
    ...(instances.length === 0 ? [] : hooks(instances, subnet)),
    ...balancerChains(balancers, instances, subnet),
    ...metadataHops(instances),
  ];
  return `${head}table ip ${name} {\n${parts.join('')}}\n`;
}

/** Nothing leaves an instance under another's address. */
function leaving({ number, address, groupIds }: InstanceRecord): string {
  return chain(`out-${number}`, [`ip saddr != ${address} drop`, ...groupIds.map((id) => `jump ${id}-out`), 'drop']);
}

/** Instances of other VPCs have no way here, whatever their address. */
function arriving({ number, vpcId, groupIds }: InstanceRecord): string {
  const foreign = `ip saddr @instances ip saddr != @${vpcId} drop`;
  return chain(`in-${number}`, [foreign, ...groupIds.map((id) => `jump ${id}-in`), 'drop']);
}

/** Who asks a load balancer needs a way out of his own groups, and one into those of the load balancer. */
function balancerChains(
  balancers: readonly LoadBalancerRecord[],
  instances: readonly InstanceRecord[],
  subnet: Subnet,
): readonly string[] {
  if (balancers.length === 0) return [];
  const grouped = balancers.filter(({ groupIds }) => groupIds.length > 0);
  const to = balancers.map(({ address }) => address).join(', ');
  const way = (name: string, place: string, side: string) => {
    const jumps = grouped.map(({ number, address }) => `${address} : jump ${name}-${number}`);
    return chain(`balancers-${name}`, [
      `type filter hook ${place} priority -10; policy accept;`,
      'ct state established,related accept',
      ...(jumps.length === 0 ? [] : [`ip ${side} vmap { ${jumps.join(', ')} }`]),
    ]);
  };
  const out = instances.map(({ number }) => `"${linkOf(subnet, number)}" : jump out-${number}`);
  return [
    ...grouped.flatMap(({ number, groupIds }) => [
      chain(`in-${number}`, [...groupIds.map((id) => `jump ${id}-in`), 'drop']),
      chain(`out-${number}`, [...groupIds.map((id) => `jump ${id}-out`), 'drop']),
    ]),
    chain('to-balancers', [
      'type filter hook input priority -20; policy accept;',
      'ct state established,related accept',
      ...(out.length === 0 ? [] : [`ip daddr { ${to} } iifname vmap { ${out.join(', ')} }`]),
    ]),
    way('in', 'input', 'daddr'),
    way('out', 'output', 'saddr'),
  ];
}

/**
 * What the metadata service answers gets as far as an instance's hop limit: a container in it is one hop further. Who
 * may ask without a token may do that from anywhere.
 */
function metadataHops(instances: readonly InstanceRecord[]): readonly string[] {
  const limited = instances.filter(({ metadata }) => metadata.tokens === 'required');
  const rules = [...new Set(limited.map(({ metadata }) => metadata.hopLimit))].map((limit) => {
    const to = limited.filter(({ metadata }) => metadata.hopLimit === limit).map(({ address }) => address);
    return `ct original ip daddr 169.254.169.254 ip daddr { ${to.join(', ')} } ip ttl set ${limit}`;
  });
  if (rules.length === 0) return [];
  return [chain('metadata-hops', ['type filter hook output priority mangle; policy accept;', ...rules])];
}

function hooks(instances: readonly InstanceRecord[], subnet: Subnet): readonly string[] {
  return [
    hook('leaving', 'forward', -20, ['iifname', 'out'], instances, subnet),
    hook('arriving', 'forward', -10, ['oifname', 'in'], instances, subnet),
    hook('asked-here', 'output', -10, ['oifname', 'in'], instances, subnet),
  ];
}

function hook(
  name: string,
  place: string,
  priority: number,
  [side, way]: readonly [string, string],
  instances: readonly InstanceRecord[],
  subnet: Subnet,
): string {
  const jumps = instances.map(({ number }) => `"${linkOf(subnet, number)}" : jump ${way}-${number}`);
  return chain(name, [
    `type filter hook ${place} priority ${priority}; policy accept;`,
    'ct state established,related accept',
    `${side} vmap { ${jumps.join(', ')} }`,
    `${side} "${anyLinkOf(subnet)}" drop`,
  ]);
}

function set(name: string, addresses: readonly string[]): string {
  const elements = addresses.length === 0 ? '' : `    elements = { ${addresses.join(', ')} }\n`;
  return `  set ${name} {\n    type ipv4_addr\n${elements}  }\n`;
}

function chain(name: string, rules: readonly string[]): string {
  return `  chain ${name} {\n${rules.map((rule) => `    ${rule}\n`).join('')}  }\n`;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
