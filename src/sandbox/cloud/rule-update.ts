/** A rule as ModifySecurityGroupRules wants it. */

import type { SecurityGroupRuleRequest } from '@aws-sdk/client-ec2';
import type { Context } from './action.ts';
import type { RulePeer, SecurityGroupRecord, SecurityGroupRuleRecord } from './network-records.ts';
import { noPrefixList, referencedGroup } from './permissions.ts';
import { ApiError } from './protocol/api-error.ts';
import { portsOf } from './rule-ports.ts';
import { ruleCidr, ruleCidr6, ruleText } from './rule-texts.ts';

/** What is not said stays, but for the description. The kind of peer cannot change. Throws ApiErrors. */
export function changedRule(
  { text: _, ...old }: SecurityGroupRuleRecord,
  wanted: SecurityGroupRuleRequest,
  group: SecurityGroupRecord,
  context: Context,
): SecurityGroupRuleRecord {
  const { IpProtocol, FromPort, ToPort, Description } = wanted;
  const said = IpProtocol ?? FromPort ?? ToPort;
  const ports =
    said === undefined
      ? {}
      : portsOf({ IpProtocol: IpProtocol ?? old.protocol, FromPort: FromPort ?? old.from, ToPort: ToPort ?? old.to });
  const peer = peerOf(wanted, group, context) ?? old.peer;
  if (Object.keys(peer)[0] !== Object.keys(old.peer)[0]) {
    throw new ApiError('InvalidParameterValue', `The rule ${old.id} cannot be given another kind of source or target.`);
  }
  return { ...old, ...ports, peer, ...(Description === undefined ? {} : { text: ruleText(Description) }) };
}

function peerOf(wanted: SecurityGroupRuleRequest, group: SecurityGroupRecord, context: Context): RulePeer | undefined {
  const { CidrIpv4, CidrIpv6, ReferencedGroupId, PrefixListId } = wanted;
  if (PrefixListId !== undefined) throw noPrefixList(PrefixListId);
  if (CidrIpv4 !== undefined) return { ipv4: ruleCidr(CidrIpv4) };
  if (CidrIpv6 !== undefined) return { ipv6: ruleCidr6(CidrIpv6) };
  if (ReferencedGroupId === undefined) return undefined;
  return { groupId: referencedGroup({ GroupId: ReferencedGroupId }, group, context) };
}
