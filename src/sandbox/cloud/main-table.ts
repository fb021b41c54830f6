import type { RouteTableRecord } from './network-records.ts';

/** Whether a route table is the one for all subnets of its VPC that have none of their own. */
export function isMain({ associations }: RouteTableRecord): boolean {
  return associations.some(({ subnetId }) => subnetId === undefined);
}
