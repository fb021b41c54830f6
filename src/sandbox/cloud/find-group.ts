import type { SecurityGroupRecord } from './network-records.ts';
import { ApiError, missingParameter } from './protocol/api-error.ts';
import type { Region } from './region.ts';

export interface GroupNaming {
  readonly GroupId?: string | undefined;
  /** Of a group in the default VPC. */
  readonly GroupName?: string | undefined;
}

/** The group that a call is about. Throws ApiErrors. */
export function findGroup(region: Region, { GroupId, GroupName }: GroupNaming): SecurityGroupRecord {
  if (GroupId !== undefined) return region.find('securityGroups', GroupId);
  if (GroupName === undefined) throw missingParameter('groupId');
  const vpc = Object.values(region.state.vpcs).find(({ isDefault }) => isDefault);
  const groups = Object.values(region.state.securityGroups);
  const group = groups.find(({ name, vpcId }) => name === GroupName && vpcId === vpc?.id);
  if (group !== undefined) return group;
  const where = vpc === undefined ? '' : ` in default VPC '${vpc.id}'`;
  throw new ApiError('InvalidGroup.NotFound', `The security group '${GroupName}' does not exist${where}`);
}
