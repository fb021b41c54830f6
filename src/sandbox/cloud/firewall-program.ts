/** The security groups of all instances as one nftables program; pure. */

import { anyLinkOf, groupsTableOf, linkOf, type Subnet } from '../subnet.ts';
import { firewallRule, membersOf } from './firewall-rule.ts';
import { exists, type InstanceRecord } from './instance-record.ts';
import type { CloudState } from './state.ts';

/**
 * Replaces the table whole. Each instance is behind a link of its own, so that all packets to and from it are routed here:
 * the kernel tells answers from questions, as EC2's groups do. What instances ask of this machine itself (names, the
 * mirrors that it hands on, instance metadata) is not filtered, as EC2's own services are not.
 */
export function firewallProgram({ regions }: CloudState, subnet: Subnet): string {
  const all = Object.values(regions);
  const instances = all.flatMap((region) => Object.values(region.instances)).filter(exists);
  const rules = all.flatMap((region) => Object.values(region.securityGroupRules));
  const name = groupsTableOf(subnet);
  const head = `table ip ${name} {}\ndelete table ip ${name}\n`;
  if (instances.length === 0) return head;
  const groupIds = unique(instances.flatMap((instance) => instance.groupIds));
  const spokenOf = unique(
    rules.flatMap(({ groupId, peer }) => (groupIds.includes(groupId) && peer.groupId ? [peer.groupId] : [])),
  );
  const addresses = (of: readonly InstanceRecord[]) => of.map(({ address }) => address);
  const parts = [
    set('instances', addresses(instances)),
    ...unique(instances.map(({ vpcId }) => vpcId)).map((id) =>
      set(id, addresses(instances.filter(({ vpcId }) => vpcId === id))),
    ),
    ...spokenOf.map((id) =>
      set(membersOf(id), addresses(instances.filter((instance) => instance.groupIds.includes(id)))),
    ),
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
    hook('leaving', 'forward', -20, ['iifname', 'out'], instances, subnet),
    hook('arriving', 'forward', -10, ['oifname', 'in'], instances, subnet),
    hook('asked-here', 'output', -10, ['oifname', 'in'], instances, subnet),
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
