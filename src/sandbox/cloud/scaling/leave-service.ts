/** An instance begins to leave service: for good, to stand by, or to be nobody's. */

import { beginActivity } from './activities.ts';
import type { MemberRecord, ScalingGroupRecord } from './group-record.ts';
import { changeMember } from './members.ts';
import { leaveTargetGroups } from './target-groups.ts';
import type { Work } from './work.ts';

export type Leaving = 'Terminating' | 'Detaching' | 'EnteringStandby';

const DESCRIPTIONS: Readonly<Record<Leaving, string>> = {
  Terminating: 'Terminating EC2 instance',
  Detaching: 'Detaching EC2 instance',
  EnteringStandby: 'Moving EC2 instance to Standby',
};

/** Answers with the id of the activity. One that is leaving already goes on as it does. */
export function leaveService(
  { cloud, region, now }: Pick<Work, 'cloud' | 'region' | 'now'>,
  group: ScalingGroupRecord,
  { instanceId }: MemberRecord,
  { state, cause }: { readonly state: Leaving; readonly cause: string },
): string {
  const description = `${DESCRIPTIONS[state]}: ${instanceId}`;
  const { subnetId, zone } = region.state.instances[instanceId] ?? {};
  const details = { 'Subnet ID': subnetId, 'Availability Zone': zone };
  const activityId = beginActivity(region, group, { description, cause, details, now });
  changeMember(region, group.id, instanceId, (member) => ({ ...member, state, activityId, actions: [] }));
  leaveTargetGroups(cloud, region, group.targetGroupArns, instanceId);
  return activityId;
}
