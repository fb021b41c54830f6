/** The rules of security groups: given, taken, changed and shown. */

import type {
  AuthorizeSecurityGroupIngressRequest,
  AuthorizeSecurityGroupIngressResult,
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupRulesResult,
  IpPermission,
  ModifySecurityGroupRulesRequest,
  RevokeSecurityGroupIngressRequest,
  RevokeSecurityGroupIngressResult,
  UpdateSecurityGroupRuleDescriptionsIngressRequest,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { filtered, tagFacets } from '../filters.ts';
import { findGroup } from '../find-group.ts';
import { applyFirewall } from '../firewall.ts';
import { listed } from '../listed.ts';
import type { SecurityGroupRuleRecord } from '../network-records.ts';
import { withRecords } from '../new-vpc.ts';
import { paginate } from '../paginate.ts';
import { type RuleTerms, rulesOf } from '../permissions.ts';
import { ApiError, missingParameter } from '../protocol/api-error.ts';
import { newId } from '../resource-ids.ts';
import { ruleText } from '../rule-texts.ts';
import { changedRule } from '../rule-update.ts';
import { sameRule } from '../same-rule.ts';
import { shownPermissions, shownRule } from '../shown-rules.ts';
import { allowTagTypes, tagsFor } from '../tags.ts';

/** EC2's quota, for each direction. */
const MOST = 60;

/** The older parameters say one permission by themselves. */
type Asked = Pick<
  AuthorizeSecurityGroupIngressRequest,
  'IpPermissions' | 'IpProtocol' | 'FromPort' | 'ToPort' | 'CidrIp' | 'SourceSecurityGroupName'
>;

function permissionsOf(asked: Asked): readonly IpPermission[] | undefined {
  const { IpPermissions, IpProtocol, FromPort, ToPort, CidrIp, SourceSecurityGroupName: GroupName } = asked;
  if (IpPermissions !== undefined && IpPermissions.length > 0) return IpPermissions;
  if (GroupName !== undefined) {
    return [{ IpProtocol: IpProtocol ?? '-1', FromPort, ToPort, UserIdGroupPairs: [{ GroupName }] }];
  }
  return CidrIp === undefined ? undefined : [{ IpProtocol, FromPort, ToPort, IpRanges: [{ CidrIp }] }];
}

const authorize =
  (egress: boolean): Action<AuthorizeSecurityGroupIngressRequest, AuthorizeSecurityGroupIngressResult> =>
  async (input, context) => {
    const { region, now } = context;
    const group = findGroup(region, input);
    const rules = rulesOf(permissionsOf(input), group, context);
    const there = ofGroup(Object.values(region.state.securityGroupRules), group.id, egress);
    for (const [index, rule] of rules.entries()) {
      if (rules.slice(0, index).some((other) => sameRule(other, rule))) {
        throw new ApiError('InvalidParameterValue', 'The same permission must not appear multiple times');
      }
      if (there.some((other) => sameRule(other, rule))) throw duplicate(rule);
    }
    if (there.length + rules.length > MOST) {
      const message = 'The maximum number of rules per security group has been reached.';
      throw new ApiError('RulesPerSecurityGroupLimitExceeded', message);
    }
    allowTagTypes(['security-group-rule'], input.TagSpecifications);
    const tags = tagsFor('security-group-rule', input.TagSpecifications);
    const records = rules.map((rule): SecurityGroupRuleRecord => {
      return { ...rule, id: newId('securityGroupRules'), tags, createdAt: now, groupId: group.id, egress };
    });
    const table = Object.fromEntries(records.map((record) => [record.id, record]));
    region.update((state) => withRecords(state, { securityGroupRules: table }));
    await applyFirewall(context.cloud);
    return { Return: true, SecurityGroupRules: records.map((record) => shownRule(record, context)) };
  };

function ofGroup(rules: readonly SecurityGroupRuleRecord[], groupId: string, egress: boolean) {
  return rules.filter((rule) => rule.groupId === groupId && rule.egress === egress);
}

function duplicate({ protocol, from, to, peer }: RuleTerms): ApiError {
  const ports = protocol === 'tcp' || protocol === 'udp' ? `, from port: ${from}, to port: ${to}` : '';
  const said = `peer: ${peer.ipv4 ?? peer.ipv6 ?? peer.groupId}, ${protocol === '-1' ? 'ALL' : protocol.toUpperCase()}${ports}, ALLOW`;
  return new ApiError('InvalidPermission.Duplicate', `the specified rule "${said}" already exists`);
}

const revoke =
  (egress: boolean): Action<RevokeSecurityGroupIngressRequest, RevokeSecurityGroupIngressResult> =>
  async (input, context) => {
    const { region } = context;
    const group = findGroup(region, input);
    const there = ofGroup(Object.values(region.state.securityGroupRules), group.id, egress);
    const { SecurityGroupRuleIds: ids = [] } = input;
    const named = ids.map((id) => find(there, id));
    const asked = ids.length > 0 ? [] : rulesOf(permissionsOf(input), group, context);
    const unknown = asked.filter((rule) => !there.some((other) => sameRule(other, rule)));
    // EC2 refuses the whole call, but for groups of the default VPC; of those it takes what is there.
    if (unknown.length > 0 && !region.state.vpcs[group.vpcId]?.isDefault) {
      throw new ApiError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
    }
    const revoked = [...named, ...there.filter((rule) => asked.some((other) => sameRule(rule, other)))];
    for (const { id } of revoked) region.remove('securityGroupRules', id);
    await applyFirewall(context.cloud);
    return {
      Return: true,
      RevokedSecurityGroupRules: revoked.map((rule) => {
        const { Tags, GroupOwnerId, SecurityGroupRuleArn, ReferencedGroupInfo, ...members } = shownRule(rule, context);
        return { ...members, ReferencedGroupId: ReferencedGroupInfo?.GroupId };
      }),
      UnknownIpPermissions: shownPermissions(
        unknown.map((rule) => ({ ...rule, id: '', tags: {}, createdAt: 0, groupId: group.id, egress })),
        context.cloud.store.state.account,
      ),
    };
  };

function find(rules: readonly SecurityGroupRuleRecord[], id: string): SecurityGroupRuleRecord {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) return rule;
  throw new ApiError('InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${id}' does not exist`);
}

const modify: Action<ModifySecurityGroupRulesRequest, object> = async (input, context) => {
  const { region } = context;
  const group = findGroup(region, input);
  const all = Object.values(region.state.securityGroupRules).filter(({ groupId }) => groupId === group.id);
  const changed = (input.SecurityGroupRules ?? []).map(({ SecurityGroupRuleId, SecurityGroupRule }) => {
    const old = find(all, SecurityGroupRuleId ?? '');
    return changedRule(old, SecurityGroupRule ?? {}, group, context);
  });
  if (changed.length === 0) throw missingParameter('securityGroupRules');
  const after = new Map([...all, ...changed].map((rule) => [rule.id, rule]));
  for (const rule of changed) {
    const others = [...after.values()].filter(({ id, egress }) => id !== rule.id && egress === rule.egress);
    if (others.some((other) => sameRule(other, rule))) throw duplicate(rule);
  }
  region.update((state) => withRecords(state, { securityGroupRules: Object.fromEntries(after) }));
  await applyFirewall(context.cloud);
  return { Return: true };
};

const describe: Action<DescribeSecurityGroupRulesRequest, DescribeSecurityGroupRulesResult> = (input, context) => {
  const rules = listed(context.region, 'securityGroupRules', input.SecurityGroupRuleIds);
  const found = filtered(rules, input.Filters, {
    'group-id': ({ groupId }) => [groupId],
    'security-group-rule-id': ({ id }) => [id],
    ...tagFacets<SecurityGroupRuleRecord>(({ tags }) => tags),
  });
  const { items, next } = paginate(found, input.MaxResults, input.NextToken);
  return { SecurityGroupRules: items.map((rule) => shownRule(rule, context)), NextToken: next };
};

/** Rules are named by their ids, or by what they let pass; without a description they lose theirs. */
const describeAnew =
  (egress: boolean): Action<UpdateSecurityGroupRuleDescriptionsIngressRequest, object> =>
  (input, context) => {
    const { region } = context;
    const group = findGroup(region, input);
    const there = ofGroup(Object.values(region.state.securityGroupRules), group.id, egress);
    const { IpPermissions, SecurityGroupRuleDescriptions: named = [] } = input;
    const byId = named.map(({ SecurityGroupRuleId, Description }) => ({
      rule: find(there, SecurityGroupRuleId ?? ''),
      text: Description === undefined ? undefined : ruleText(Description),
    }));
    const terms = named.length > 0 ? [] : rulesOf(IpPermissions, group, context);
    const byTerms = terms.map(({ text, ...asked }) => {
      const rule = there.find((other) => sameRule(other, asked));
      if (rule !== undefined) return { rule, text };
      const message = 'The specified rule does not exist in this security group.';
      throw new ApiError('InvalidPermission.NotFound', message);
    });
    for (const { rule, text } of [...byId, ...byTerms]) {
      region.change('securityGroupRules', rule.id, ({ text: _, ...record }) => {
        return text === undefined ? record : { ...record, text };
      });
    }
    return { Return: true };
  };

export const SECURITY_GROUP_RULE_ACTIONS: Actions = {
  AuthorizeSecurityGroupIngress: authorize(false),
  AuthorizeSecurityGroupEgress: authorize(true),
  RevokeSecurityGroupIngress: revoke(false),
  RevokeSecurityGroupEgress: revoke(true),
  ModifySecurityGroupRules: modify,
  DescribeSecurityGroupRules: describe,
  UpdateSecurityGroupRuleDescriptionsIngress: describeAnew(false),
  UpdateSecurityGroupRuleDescriptionsEgress: describeAnew(true),
};
