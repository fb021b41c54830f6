/** Scaling activities: what a group does, from its beginning to its end. */

import { randomUUID } from 'node:crypto';
import type { Activity, ScalingActivityStatusCode } from '@aws-sdk/client-auto-scaling';
import type { Region } from '../region.ts';
import type { RegionState } from '../state.ts';
import type { ScalingActivityRecord } from './activity-record.ts';
import type { ScalingGroupRecord } from './group-record.ts';

/** So many are remembered of a group. */
const KEPT = 200;

export interface Beginning {
  readonly description: string;
  readonly cause: string;
  readonly details?: object;
  readonly status?: ScalingActivityStatusCode;
  readonly now: number;
}

/** Answers with the id. */
export function beginActivity(region: Region, group: ScalingGroupRecord, beginning: Beginning): string {
  const { description, cause, details = {}, status = 'InProgress', now } = beginning;
  const record: ScalingActivityRecord = {
    id: randomUUID(),
    tags: {},
    // Two that begin together keep their order.
    createdAt: Math.max(now, newest(region.state, group.id) + 1),
    groupId: group.id,
    groupName: group.name,
    description,
    cause,
    status,
    progress: 0,
    details: JSON.stringify(details),
  };
  region.put('scalingActivities', record);
  const ended = activitiesOf(region.state, group.id).filter(({ endedAt }) => endedAt !== undefined);
  for (const { id } of ended.slice(KEPT)) region.remove('scalingActivities', id);
  return record.id;
}

function newest(state: RegionState, groupId: string): number {
  return activitiesOf(state, groupId)[0]?.createdAt ?? 0;
}

/** The newest first. */
function activitiesOf({ scalingActivities }: RegionState, groupId: string): readonly ScalingActivityRecord[] {
  const own = Object.values(scalingActivities).filter((activity) => activity.groupId === groupId);
  return own.sort((a, b) => b.createdAt - a.createdAt);
}

/** Says how far it is; does nothing where that is known. */
export function noteActivity(
  region: Region,
  id: string | undefined,
  status: ScalingActivityStatusCode,
  progress: number,
): void {
  const before = id === undefined ? undefined : region.state.scalingActivities[id];
  if (id === undefined || before?.status === status) return;
  region.change('scalingActivities', id, (activity) => ({ ...activity, status, progress }));
}

export interface Ending {
  readonly status: ScalingActivityStatusCode;
  readonly message?: string;
  readonly now: number;
}

export function endActivity(region: Region, id: string | undefined, { status, message, now }: Ending): void {
  if (id === undefined) return;
  region.change('scalingActivities', id, (activity) => ({
    ...activity,
    status,
    ...(message === undefined ? {} : { message }),
    endedAt: Math.max(now, activity.createdAt),
    progress: 100,
  }));
}

export function shownActivity(activity: ScalingActivityRecord, state: RegionState, groupArn: string): Activity {
  const { id, groupId, groupName, description, cause, createdAt, endedAt, status, message, progress, details } =
    activity;
  return {
    ActivityId: id,
    AutoScalingGroupName: groupName,
    Description: description,
    Cause: cause,
    StartTime: new Date(createdAt),
    ...(endedAt === undefined ? {} : { EndTime: new Date(endedAt) }),
    StatusCode: status,
    ...(message === undefined ? {} : { StatusMessage: message }),
    Progress: progress,
    Details: details,
    ...(state.scalingGroups[groupId] === undefined ? { AutoScalingGroupState: 'Deleted' } : {}),
    AutoScalingGroupARN: groupArn,
  };
}

/** A moment as causes name it. */
export function atTime(now: number): string {
  return `At ${new Date(now).toISOString().slice(0, 19)}Z`;
}
