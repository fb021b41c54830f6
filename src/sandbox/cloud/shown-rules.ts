/** Rules of security groups as the API shows them: one by one, or as the permissions that they make up. */

import type { IpPermission, SecurityGroupRule } from '@aws-sdk/client-ec2';
import type { Context } from './action.ts';
import type { SecurityGroupRuleRecord } from './network-records.ts';
import { shownTags } from './tags.ts';

export function shownRule(rule: SecurityGroupRuleRecord, { cloud, region }: Context): SecurityGroupRule {
  const { account } = cloud.store.state;
  const { ipv4, ipv6, groupId } = rule.peer;
  return {
    SecurityGroupRuleId: rule.id,
    SecurityGroupRuleArn: `arn:aws:ec2:${region.name}:${account}:security-group-rule/${rule.id}`,
    GroupId: rule.groupId,
    GroupOwnerId: account,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.from,
    ToPort: rule.to,
    CidrIpv4: ipv4,
    CidrIpv6: ipv6,
    ...(groupId === undefined ? {} : { ReferencedGroupInfo: { GroupId: groupId, UserId: account } }),
    Description: rule.text,
    Tags: shownTags(rule.tags),
  };
}

/** Rules for the same ports are one permission, in the order in which they came. */
export function shownPermissions(rules: readonly SecurityGroupRuleRecord[], account: string): IpPermission[] {
  const byPorts = new Map<string, SecurityGroupRuleRecord[]>();
  for (const rule of rules) {
    const ports = `${rule.protocol} ${rule.from} ${rule.to}`;
    byPorts.set(ports, [...(byPorts.get(ports) ?? []), rule]);
  }
  return [...byPorts.values()].map((same) => ({
    ...portsOf(same[0]),
    IpRanges: same.flatMap(({ peer: { ipv4 }, text }) => (ipv4 === undefined ? [] : [{ CidrIp: ipv4, ...why(text) }])),
    Ipv6Ranges: same.flatMap(({ peer: { ipv6 }, text }) =>
      ipv6 === undefined ? [] : [{ CidrIpv6: ipv6, ...why(text) }],
    ),
    UserIdGroupPairs: same.flatMap(({ peer: { groupId }, text }) =>
      groupId === undefined ? [] : [{ GroupId: groupId, UserId: account, ...why(text) }],
    ),
    PrefixListIds: [],
  }));
}

function portsOf(rule: SecurityGroupRuleRecord | undefined): IpPermission {
  if (rule === undefined) return {};
  const { protocol, from, to } = rule;
  const hasPorts = ['tcp', 'udp', 'icmp', 'icmpv6'].includes(protocol);
  return { IpProtocol: protocol, ...(hasPorts ? { FromPort: from, ToPort: to } : {}) };
}

function why(text: string | undefined): { Description?: string } {
  return text === undefined ? {} : { Description: text };
}
