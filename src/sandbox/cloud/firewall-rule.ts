/** One rule of a security group in the words of nftables. */

import type { SecurityGroupRuleRecord } from './network-records.ts';

/** The set of addresses that the members of a group have. */
export function membersOf(groupId: string): string {
  return `members-${groupId}`;
}

/** Undefined for a rule about IPv6, which machines of the sandbox do not speak. */
export function firewallRule({ egress, peer, protocol, from, to }: SecurityGroupRuleRecord): string | undefined {
  if (peer.ipv6 !== undefined || protocol === 'icmpv6') return undefined;
  const whose = egress ? 'ip daddr' : 'ip saddr';
  const anybody = peer.ipv4 === '0.0.0.0/0';
  const address = peer.groupId === undefined ? (peer.ipv4 ?? '') : `@${membersOf(peer.groupId)}`;
  return [...(anybody ? [] : [`${whose} ${address}`]), ...what(protocol, from, to), 'accept'].join(' ');
}

function what(protocol: string, from: number, to: number): readonly string[] {
  if (protocol === '-1') return [];
  if (protocol === 'tcp' || protocol === 'udp') return [`${protocol} dport ${from === to ? from : `${from}-${to}`}`];
  if (protocol !== 'icmp') return [`meta l4proto ${protocol}`];
  if (from < 0) return ['meta l4proto icmp'];
  return [`icmp type ${from}`, ...(to < 0 ? [] : [`icmp code ${to}`])];
}
