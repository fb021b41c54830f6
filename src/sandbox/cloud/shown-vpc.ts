/** VPCs as the API shows them. */

import type { Vpc } from '@aws-sdk/client-ec2';
import type { Context } from './action.ts';
import { type Facets, tagFacets } from './filters.ts';
import type { VpcRecord } from './network-records.ts';
import { stableId } from './stable-id.ts';
import { shownTags } from './tags.ts';

/** The options that come with an account: the names by which machines of the sandbox are called are their hosts' own. */
const DHCP_OPTIONS = 'default';

export function shownVpc(vpc: VpcRecord, { cloud }: Context): Vpc {
  return {
    VpcId: vpc.id,
    OwnerId: cloud.store.state.account,
    State: 'available',
    CidrBlock: vpc.cidr,
    CidrBlockAssociationSet: [
      { AssociationId: associationOf(vpc), CidrBlock: vpc.cidr, CidrBlockState: { State: 'associated' } },
    ],
    IsDefault: vpc.isDefault,
    InstanceTenancy: vpc.tenancy,
    DhcpOptionsId: DHCP_OPTIONS,
    Tags: shownTags(vpc.tags),
  };
}

function associationOf(vpc: VpcRecord): string {
  return stableId('vpc-cidr-assoc', vpc.id);
}

export function vpcFacets({ cloud }: Context): Facets<VpcRecord> {
  const isDefault = (vpc: VpcRecord) => [vpc.isDefault];
  const cidr = (vpc: VpcRecord) => [vpc.cidr];
  return {
    'vpc-id': ({ id }) => [id],
    cidr,
    'cidr-block': cidr,
    'cidr-block-association.cidr-block': cidr,
    'cidr-block-association.association-id': (vpc) => [associationOf(vpc)],
    'cidr-block-association.state': () => ['associated'],
    'is-default': isDefault,
    isDefault,
    state: () => ['available'],
    'dhcp-options-id': () => [DHCP_OPTIONS],
    'owner-id': () => [cloud.store.state.account],
    ...tagFacets<VpcRecord>(({ tags }) => tags),
  };
}
