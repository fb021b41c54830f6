/** What comes with every VPC: a main route table, a network ACL, and a security group named default. */

import type { SecurityGroupRuleRecord, VpcRecord } from './network-records.ts';
import type { Ec2Kind, RegionState } from './state.ts';

/** The records by kind. `idFor` makes an id for a kind; `purpose` tells two of one kind apart. */
export function vpcParts(vpc: VpcRecord, idFor: (kind: Ec2Kind, purpose: string) => string) {
  const { createdAt, id: vpcId } = vpc;
  const routeTable = {
    id: idFor('routeTables', 'main'),
    tags: {},
    createdAt,
    vpcId,
    routes: [{ destination: vpc.cidr, gatewayId: 'local' }],
    associations: [{ id: idFor('routeTables', 'association').replace(/^rtb-/, 'rtbassoc-') }],
  };
  const acl = { id: idFor('networkAcls', 'default'), tags: {}, createdAt, vpcId };
  const group = {
    id: idFor('securityGroups', 'default'),
    tags: {},
    createdAt,
    vpcId,
    name: 'default',
    description: 'default VPC security group',
  };
  const fromMembers = {
    ...everything(group.id, createdAt),
    id: idFor('securityGroupRules', 'from-members'),
    egress: false,
    peer: { groupId: group.id },
  };
  const toAll = { ...everything(group.id, createdAt), id: idFor('securityGroupRules', 'to-all') };
  return {
    vpcs: { [vpc.id]: vpc },
    routeTables: { [routeTable.id]: routeTable },
    networkAcls: { [acl.id]: acl },
    securityGroups: { [group.id]: group },
    securityGroupRules: { [fromMembers.id]: fromMembers, [toAll.id]: toAll },
  };
}

/** The rule that every new group has: all may go out. */
export function everything(groupId: string, createdAt: number): Omit<SecurityGroupRuleRecord, 'id'> {
  const peer = { ipv4: '0.0.0.0/0' };
  return { tags: {}, createdAt, groupId, egress: true, protocol: '-1', from: -1, to: -1, peer };
}

/** A region with these records too. */
export function withRecords(region: RegionState, records: Partial<RegionState>): RegionState {
  const added = Object.entries(records).map(([kind, table]) => [kind, { ...kindIn(region, kind), ...table }]);
  return { ...region, ...Object.fromEntries(added) };
}

function kindIn(region: RegionState, name: string): object {
  return Object.entries(region).find(([kind]) => kind === name)?.[1] ?? {};
}
