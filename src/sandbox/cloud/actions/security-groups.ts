/** Security groups; what is in them is in security-group-rules.ts. */

import type {
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DeleteSecurityGroupRequest,
  DeleteSecurityGroupResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  SecurityGroup,
} from '@aws-sdk/client-ec2';
import type { Action, Actions, Context } from '../action.ts';
import { filtered } from '../filters.ts';
import { findGroup } from '../find-group.ts';
import { groupFacets } from '../group-facets.ts';
import { isGroupUsed } from '../group-users.ts';
import { listed } from '../listed.ts';
import type { SecurityGroupRecord } from '../network-records.ts';
import { everything } from '../new-vpc.ts';
import { paginate } from '../paginate.ts';
import { ApiError, missingParameter } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import { newId } from '../resource-ids.ts';
import { shownPermissions } from '../shown-rules.ts';
import { allowTagTypes, shownTags, tagsFor } from '../tags.ts';

const createGroup: Action<CreateSecurityGroupRequest, CreateSecurityGroupResult> = (input, context) => {
  const { region, now } = context;
  const { GroupName: name = '', Description: description = '', TagSpecifications } = input;
  const vpcId = vpcFor(region, input.VpcId);
  checkTexts(name, description);
  if (Object.values(region.state.securityGroups).some((other) => other.vpcId === vpcId && other.name === name)) {
    const message = `The security group '${name}' already exists for VPC '${vpcId}'`;
    throw new ApiError('InvalidGroup.Duplicate', message);
  }
  allowTagTypes(['security-group'], TagSpecifications);
  const tags = tagsFor('security-group', TagSpecifications);
  const group: SecurityGroupRecord = { id: newId('securityGroups'), tags, createdAt: now, vpcId, name, description };
  region.put('securityGroups', group);
  region.put('securityGroupRules', { ...everything(group.id, now), id: newId('securityGroupRules') });
  return { GroupId: group.id, SecurityGroupArn: arnOf(group, context), Tags: shownTags(tags) };
};

function vpcFor(region: Region, id: string | undefined): string {
  if (id !== undefined) return region.find('vpcs', id).id;
  const vpc = Object.values(region.state.vpcs).find(({ isDefault }) => isDefault);
  if (vpc === undefined) throw new ApiError('VPCIdNotSpecified', 'No default VPC for this user');
  return vpc.id;
}

const TEXT = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

function checkTexts(name: string, description: string): void {
  if (name === '') throw missingParameter('groupName');
  if (description === '') throw missingParameter('groupDescription');
  if (/^sg-/.test(name)) {
    throw new ApiError('InvalidParameterValue', `Invalid group name. Group names may not be in the format sg-*`);
  }
  if (name === 'default') throw new ApiError('InvalidGroup.Reserved', `The security group 'default' is reserved`);
  for (const [text, what] of [
    [name, 'GroupName'],
    [description, 'GroupDescription'],
  ] as const) {
    if (TEXT.test(text) && text.trim() === text) continue;
    const message = `Value (${text}) for parameter ${what} is invalid. It has up to 255 characters of a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`;
    throw new ApiError('InvalidParameterValue', message);
  }
}

const describeGroups: Action<DescribeSecurityGroupsRequest, DescribeSecurityGroupsResult> = (input, context) => {
  const { GroupIds, GroupNames = [] } = input;
  const byId = GroupNames.length === 0 ? listed(context.region, 'securityGroups', GroupIds) : [];
  const groups = [...byId, ...GroupNames.map((GroupName) => findGroup(context.region, { GroupName }))];
  const found = filtered(groups, input.Filters, groupFacets(context));
  const { items, next } = paginate(found, input.MaxResults, input.NextToken);
  return { SecurityGroups: items.map((group) => shown(group, context)), NextToken: next };
};

const deleteGroup: Action<DeleteSecurityGroupRequest, DeleteSecurityGroupResult> = (input, { region }) => {
  const { id, name } = findGroup(region, input);
  if (name === 'default') {
    throw new ApiError('CannotDelete', `the specified group: "${id}" name: "default" cannot be deleted by a user`);
  }
  if (isGroupUsed(region.state, id)) {
    throw new ApiError('DependencyViolation', `resource ${id} has a dependent object`);
  }
  for (const rule of Object.values(region.state.securityGroupRules)) {
    if (rule.groupId === id) region.remove('securityGroupRules', rule.id);
  }
  region.remove('securityGroups', id);
  return { Return: true, GroupId: id };
};

function shown(group: SecurityGroupRecord, context: Context): SecurityGroup {
  const { account } = context.cloud.store.state;
  const rules = context.region.all('securityGroupRules').filter(({ groupId }) => groupId === group.id);
  const permissions = (egress: boolean) =>
    shownPermissions(
      rules.filter((rule) => rule.egress === egress),
      account,
    );
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    VpcId: group.vpcId,
    OwnerId: account,
    SecurityGroupArn: arnOf(group, context),
    IpPermissions: permissions(false),
    IpPermissionsEgress: permissions(true),
    Tags: shownTags(group.tags),
  };
}

function arnOf({ id }: SecurityGroupRecord, { cloud, region }: Context): string {
  return `arn:aws:ec2:${region.name}:${cloud.store.state.account}:security-group/${id}`;
}

export const SECURITY_GROUP_ACTIONS: Actions = {
  CreateSecurityGroup: createGroup,
  DescribeSecurityGroups: describeGroups,
  DeleteSecurityGroup: deleteGroup,
};
