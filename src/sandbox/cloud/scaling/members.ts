/** Instances of a group: which count, and how their records change. */

import { randomUUID } from 'node:crypto';
import type { Region } from '../region.ts';
import type { MemberRecord, ScalingGroupRecord } from './group-record.ts';

/** Whether it is part of the capacity: what leaves, and what stands by, is not. */
export function isCounted({ state }: MemberRecord): boolean {
  return state === 'InService' || state.startsWith('Pending');
}

export function isTerminating({ state }: MemberRecord): boolean {
  return state.startsWith('Terminating');
}

export function changeMember(
  region: Region,
  groupId: string,
  instanceId: string,
  change: (member: MemberRecord) => MemberRecord,
): void {
  region.change('scalingGroups', groupId, (group) => ({
    ...group,
    members: group.members.map((member) => (member.instanceId === instanceId ? change(member) : member)),
  }));
}

export function removeMember(region: Region, groupId: string, instanceId: string): void {
  region.change('scalingGroups', groupId, (group) => ({
    ...group,
    members: group.members.filter((member) => member.instanceId !== instanceId),
  }));
}

/** The actions that the hooks of a transition ask for, from now on. */
export function actionsOf({ hooks }: ScalingGroupRecord, transition: string, now: number): MemberRecord['actions'] {
  return hooks
    .filter((hook) => hook.transition === transition)
    .map(({ name, heartbeat }) => ({
      hook: name,
      token: randomUUID(),
      until: now + heartbeat * 1000,
      latest: now + Math.min(LONGEST_WAIT, 100 * heartbeat) * 1000,
    }));
}

/** 48 hours, or a hundred heartbeats: then no heartbeat helps. Seconds. */
export const LONGEST_WAIT = 172_800;
