/** The security groups that a call means. */

import type { Context } from './action.ts';
import type { SecurityGroupRecord } from './network-records.ts';
import { ApiError } from './protocol/api-error.ts';

export interface GroupWish {
  readonly ids?: readonly string[] | undefined;
  readonly names?: readonly string[] | undefined;
  /** The VPC in which they must be. */
  readonly vpcId: string;
}

/** Each once. The VPC's default group where none is named. Throws ApiErrors. */
export function resolveGroups({ region }: Context, wish: GroupWish): readonly SecurityGroupRecord[] {
  const { ids = [], names = [], vpcId } = wish;
  const named = ids.length + names.length === 0 ? ['default'] : names;
  const groups = [
    ...ids.map((id) => region.find('securityGroups', id)),
    ...named.map((name) => groupNamed(Object.values(region.state.securityGroups), name, vpcId)),
  ];
  const foreign = groups.find((group) => group.vpcId !== vpcId);
  if (foreign !== undefined) {
    throw new ApiError('InvalidParameter', `Security group ${foreign.id} does not belong to the VPC ${vpcId}.`);
  }
  return [...new Map(groups.map((group) => [group.id, group])).values()];
}

function groupNamed(groups: readonly SecurityGroupRecord[], name: string, vpcId: string): SecurityGroupRecord {
  const group = groups.find((candidate) => candidate.name === name && candidate.vpcId === vpcId);
  if (group !== undefined) return group;
  const message = `The security group '${name}' does not exist in VPC '${vpcId}'`;
  throw new ApiError('InvalidGroup.NotFound', message);
}
