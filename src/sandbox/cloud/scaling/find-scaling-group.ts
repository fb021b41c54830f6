import { ApiError } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import type { MemberRecord, ScalingGroupRecord } from './group-record.ts';

/** The group as it is, if it can be seen. Throws the ApiError `ValidationError`. */
export function findScalingGroup(region: Region, name: string | undefined): ScalingGroupRecord {
  const id = region.all('scalingGroups').find((group) => group.name === name)?.id ?? '';
  const group = region.state.scalingGroups[id];
  if (group !== undefined) return group;
  throw new ApiError(
    'ValidationError',
    `AutoScalingGroup name not found - AutoScalingGroup ${JSON.stringify(name ?? '')} not found`,
  );
}

export interface Found {
  readonly group: ScalingGroupRecord;
  readonly member: MemberRecord;
}

/** The instance of any group. Throws the ApiError `ValidationError`. */
export function findMember(region: Region, instanceId: string): Found {
  for (const group of region.all('scalingGroups')) {
    const now = region.state.scalingGroups[group.id];
    const member = now?.members.find((candidate) => candidate.instanceId === instanceId);
    if (now !== undefined && member !== undefined) return { group: now, member };
  }
  throw new ApiError(
    'ValidationError',
    `Instance Id not found - No managed instance found for instance ID: ${instanceId}`,
  );
}

/** Instances of this one group. Throws the ApiError `ValidationError`. */
export function membersNamed(group: ScalingGroupRecord, ids: readonly string[]): readonly MemberRecord[] {
  return ids.map((id) => {
    const member = group.members.find(({ instanceId }) => instanceId === id);
    if (member !== undefined) return member;
    throw new ApiError('ValidationError', `The instance ${id} is not part of Auto Scaling group ${group.name}.`);
  });
}
