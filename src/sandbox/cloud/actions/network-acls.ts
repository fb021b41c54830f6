/** Network ACLs: each VPC has one, for all its subnets, that lets everything pass. */

import type {
  DescribeNetworkAclsRequest,
  DescribeNetworkAclsResult,
  NetworkAcl,
  NetworkAclEntry,
} from '@aws-sdk/client-ec2';
import type { Action, Actions, Context } from '../action.ts';
import { filtered, tagFacets } from '../filters.ts';
import { listed } from '../listed.ts';
import type { NetworkAclRecord, SubnetRecord } from '../network-records.ts';
import { paginate } from '../paginate.ts';
import { stableId } from '../stable-id.ts';
import { shownTags } from '../tags.ts';

const describeAcls: Action<DescribeNetworkAclsRequest, DescribeNetworkAclsResult> = (input, context) => {
  const found = filtered(listed(context.region, 'networkAcls', input.NetworkAclIds), input.Filters, {
    'network-acl-id': ({ id }) => [id],
    'vpc-id': ({ vpcId }) => [vpcId],
    'owner-id': () => [context.cloud.store.state.account],
    default: () => [true],
    'association.network-acl-id': ({ id }) => [id],
    'association.subnet-id': (acl) => subnetsOf(acl, context).map(({ id }) => id),
    'association.association-id': (acl) => subnetsOf(acl, context).map(associationOf),
    ...tagFacets<NetworkAclRecord>(({ tags }) => tags),
  });
  const { items, next } = paginate(found, input.MaxResults, input.NextToken);
  return { NetworkAcls: items.map((acl) => shown(acl, context)), NextToken: next };
};

function shown(acl: NetworkAclRecord, context: Context): NetworkAcl {
  return {
    NetworkAclId: acl.id,
    VpcId: acl.vpcId,
    OwnerId: context.cloud.store.state.account,
    IsDefault: true,
    Entries: [...entries(true), ...entries(false)],
    Associations: subnetsOf(acl, context).map((subnet) => ({
      NetworkAclAssociationId: associationOf(subnet),
      NetworkAclId: acl.id,
      SubnetId: subnet.id,
    })),
    Tags: shownTags(acl.tags),
  };
}

/** What EC2 puts in every ACL: number 100 lets all pass; the last, which cannot be removed, lets nothing pass. */
function entries(egress: boolean): readonly NetworkAclEntry[] {
  const all = { CidrBlock: '0.0.0.0/0', Egress: egress, Protocol: '-1' };
  return [
    { ...all, RuleNumber: 100, RuleAction: 'allow' },
    { ...all, RuleNumber: 32767, RuleAction: 'deny' },
  ];
}

function subnetsOf({ vpcId }: NetworkAclRecord, { region }: Context): readonly SubnetRecord[] {
  return Object.values(region.state.subnets).filter((subnet) => subnet.vpcId === vpcId);
}

function associationOf({ id }: SubnetRecord): string {
  return stableId('aclassoc', id);
}

export const NETWORK_ACL_ACTIONS: Actions = { DescribeNetworkAcls: describeAcls };
