import { isMain } from './main-table.ts';
import type { RegionState } from './state.ts';

/** Whether a VPC has anything but what came with it. */
export function dependsOnVpc(region: RegionState, vpcId: string): boolean {
  const own = <T extends { readonly vpcId?: string }>(table: Readonly<Record<string, T>>) =>
    Object.values(table).filter((record) => record.vpcId === vpcId);
  return (
    own(region.subnets).length > 0 ||
    own(region.internetGateways).length > 0 ||
    own(region.routeTables).some((table) => !isMain(table)) ||
    own(region.securityGroups).some(({ name }) => name !== 'default')
  );
}
