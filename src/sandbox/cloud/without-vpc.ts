import type { RegionState, Table } from './state.ts';

/** A region without a VPC and what came with it. */
export function withoutVpc(region: RegionState, vpcId: string): RegionState {
  const groups = Object.values(region.securityGroups).filter((group) => group.vpcId === vpcId);
  const groupIds = new Set(groups.map(({ id }) => id));
  const { [vpcId]: _, ...vpcs } = region.vpcs;
  return {
    ...region,
    vpcs,
    routeTables: kept(region.routeTables, (table) => table.vpcId !== vpcId),
    networkAcls: kept(region.networkAcls, (acl) => acl.vpcId !== vpcId),
    securityGroups: kept(region.securityGroups, ({ id }) => !groupIds.has(id)),
    securityGroupRules: kept(region.securityGroupRules, ({ groupId }) => !groupIds.has(groupId)),
  };
}

function kept<T>(table: Table<T>, keep: (record: T) => boolean): Table<T> {
  return Object.fromEntries(Object.entries(table).filter(([, record]) => keep(record)));
}
