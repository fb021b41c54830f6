import { exists } from './instance-record.ts';
import type { RegionState } from './state.ts';

/** Whether an instance or a load balancer has a security group, or a rule of another group speaks of it. */
export function isGroupUsed(region: RegionState, id: string): boolean {
  return (
    Object.values(region.instances).some((instance) => instance.groupIds.includes(id) && exists(instance)) ||
    Object.values(region.loadBalancers).some(({ groupIds }) => groupIds.includes(id)) ||
    Object.values(region.securityGroupRules).some(({ groupId, peer }) => groupId !== id && peer.groupId === id)
  );
}
