/** Permissions as the API takes them, made into rules. */

import type { IpPermission, UserIdGroupPair } from '@aws-sdk/client-ec2';
import type { Context } from './action.ts';
import type { RulePeer, SecurityGroupRecord, SecurityGroupRuleRecord } from './network-records.ts';
import { ApiError, missingParameter } from './protocol/api-error.ts';
import { portsOf } from './rule-ports.ts';
import { ruleCidr, ruleCidr6, ruleText } from './rule-texts.ts';

/** A rule that is not stored, or is only to be compared with one that is. */
export type RuleTerms = Pick<SecurityGroupRuleRecord, 'protocol' | 'from' | 'to' | 'peer' | 'text'>;

/** One rule for each source or target. Throws ApiErrors. */
export function rulesOf(
  permissions: readonly IpPermission[] | undefined,
  group: SecurityGroupRecord,
  context: Context,
): readonly RuleTerms[] {
  if (permissions === undefined || permissions.length === 0) throw missingParameter('ipPermissions');
  return permissions.flatMap((permission) => {
    const ports = portsOf(permission);
    const peers = peersOf(permission, group, context);
    if (peers.length === 0) {
      throw new ApiError('InvalidParameterValue', 'A permission must have a range of addresses or a security group.');
    }
    return peers.map((peer) => ({ ...ports, ...peer }));
  });
}

type Peer = Pick<RuleTerms, 'peer' | 'text'>;

function peersOf(permission: IpPermission, group: SecurityGroupRecord, context: Context): readonly Peer[] {
  const { IpRanges = [], Ipv6Ranges = [], UserIdGroupPairs = [], PrefixListIds = [] } = permission;
  const list = PrefixListIds[0];
  if (list !== undefined) throw noPrefixList(list.PrefixListId ?? '');
  return [
    ...IpRanges.map(({ CidrIp = '', Description }) => peer({ ipv4: ruleCidr(CidrIp) }, Description)),
    ...Ipv6Ranges.map(({ CidrIpv6 = '', Description }) => peer({ ipv6: ruleCidr6(CidrIpv6) }, Description)),
    ...UserIdGroupPairs.map((pair) => peer({ groupId: referencedGroup(pair, group, context) }, pair.Description)),
  ];
}

function peer(of: RulePeer, description: string | undefined): Peer {
  return { peer: of, ...(description === undefined ? {} : { text: ruleText(description) }) };
}

/** The sandbox has no prefix lists, so that none can be found. */
export function noPrefixList(id: string): ApiError {
  return new ApiError('InvalidPrefixListID.NotFound', `The prefix list ID '${id}' does not exist`);
}

/** The id of the group that a rule of `group` speaks of: one of the same VPC. */
export function referencedGroup(
  { GroupId, GroupName, UserId }: UserIdGroupPair,
  group: SecurityGroupRecord,
  { region, cloud }: Context,
): string {
  if (GroupId === undefined && GroupName === undefined) throw missingParameter('groupId');
  const other =
    GroupId === undefined
      ? Object.values(region.state.securityGroups).find(
          ({ name, vpcId }) => name === GroupName && vpcId === group.vpcId,
        )
      : region.find('securityGroups', GroupId);
  if (other === undefined || (UserId !== undefined && UserId !== cloud.store.state.account)) {
    throw new ApiError('InvalidGroup.NotFound', `The security group '${GroupId ?? GroupName}' does not exist`);
  }
  if (other.vpcId === group.vpcId) return other.id;
  const message = 'You have specified two resources that belong to different networks.';
  throw new ApiError('InvalidGroup.NotFound', message);
}
