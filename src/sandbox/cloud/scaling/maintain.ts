/** Replaces what is unhealthy. */

import { atTime } from './activities.ts';
import type { Wanted } from './capacity.ts';
import type { MemberRecord, ScalingGroupRecord } from './group-record.ts';
import { leaveService } from './leave-service.ts';
import { isOn, isReady } from './member-health.ts';
import { isCounted } from './members.ts';
import { boundsOf } from './replacement.ts';
import { groupOf, type Work } from './work.ts';

/**
 * Without a maintenance policy at once; with one that lets instances be launched in advance, when others are ready in
 * their place. Answers with the capacity that the group needs meanwhile.
 */
export function maintain(work: Work, group: ScalingGroupRecord): Wanted {
  const plain = { count: group.desired, template: group.template, launchedBy: undefined };
  const { maintenance, desired } = group;
  if (maintenance === undefined) {
    endUnhealthy(work, () => true);
    return plain;
  }
  const { least, most } = boundsOf(group, maintenance);
  const ready = group.members.filter((member) => isReady(work, group, member, group.warmup ?? 0)).length;
  const unhealthy = group.members.filter((member) => isCounted(member) && !member.isHealthy).length;
  let replaced = most === desired || ready >= least ? unhealthy : Math.max(0, ready + unhealthy - desired);
  endUnhealthy(work, (member) => {
    if (isGone(work, member)) return true;
    replaced -= 1;
    return replaced >= 0;
  });
  const waiting = (groupOf(work)?.members ?? []).filter((member) => isCounted(member) && !member.isHealthy);
  // What is unhealthy is not among those that the policy bounds: each gets somebody to take its place.
  return { ...plain, count: desired + waiting.length };
}

function isGone({ region }: Work, { instanceId }: MemberRecord): boolean {
  const instance = region.state.instances[instanceId];
  return instance === undefined || !isOn(instance);
}

/** Ends the unhealthy ones among those that `concerns`. */
export function endUnhealthy(work: Work, concerns: (member: MemberRecord) => boolean): void {
  const group = groupOf(work);
  if (group === undefined) return;
  if (['ReplaceUnhealthy', 'Terminate'].some((process) => group.suspended.includes(process))) return;
  for (const member of group.members) {
    if (member.state !== 'InService' || member.isHealthy || !concerns(member)) continue;
    const cause = `${atTime(work.now)} an instance was taken out of service in response to ${whyOf(work, group, member)}.`;
    leaveService(work, group, member, { state: 'Terminating', cause });
  }
}

function whyOf(work: Work, { healthCheck }: ScalingGroupRecord, member: MemberRecord): string {
  if (isGone(work, member)) {
    return 'an EC2 health check indicating it has been terminated or stopped';
  }
  return healthCheck === 'ELB' ? 'an ELB system health check failure' : 'a health check failure';
}
