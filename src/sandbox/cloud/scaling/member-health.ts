/** Whether the instances of a group do their work: what EC2 says of them, and what their target groups say. */

import type { InstanceRecord } from '../instance-record.ts';
import type { MemberRecord, ScalingGroupRecord } from './group-record.ts';
import { changeMember } from './members.ts';
import { targetHealth } from './target-groups.ts';
import { groupOf, type Work } from './work.ts';

/** An instance that does not answer for so long fails its status check; milliseconds. */
const PATIENCE = 300_000;

/** Notes who is unhealthy. Nobody becomes healthy again by itself. */
export function judgeMembers(work: Work): void {
  const group = groupOf(work);
  if (group === undefined || group.suspended.includes('HealthCheck')) return;
  for (const member of group.members) {
    if (member.state !== 'InService' || !member.isHealthy) continue;
    if (!isWell(work, group, member)) {
      changeMember(work.region, group.id, member.instanceId, (now) => ({ ...now, isHealthy: false }));
    }
  }
}

function isWell(work: Work, group: ScalingGroupRecord, member: MemberRecord): boolean {
  const instance = work.region.state.instances[member.instanceId];
  if (instance === undefined || !isOn(instance)) return false;
  const inGrace = work.now - (member.inServiceAt ?? work.now) < group.grace * 1000;
  if (inGrace) return true;
  if (instance.answeredAt === undefined && work.now - instance.launchedAt >= PATIENCE) return false;
  return group.healthCheck === 'EC2' || !statesOf(work, group, member).includes('unhealthy');
}

/** Whether EC2 still has it, as something that runs. */
export function isOn({ state }: InstanceRecord): boolean {
  return state === 'running' || state === 'pending';
}

/** Whether it does its work now: in service for as long as it warms up, and well in the eyes of all who look. */
export function isReady(work: Work, group: ScalingGroupRecord, member: MemberRecord, warmup: number): boolean {
  if (member.state !== 'InService' || !member.isHealthy) return false;
  const instance = work.region.state.instances[member.instanceId];
  if (instance === undefined || !isOn(instance)) return false;
  if (work.now - (member.inServiceAt ?? work.now) < warmup * 1000) return false;
  const states = group.healthCheck === 'ELB' ? statesOf(work, group, member) : [];
  return states.every((state) => state === 'healthy' || state === 'unused');
}

function statesOf({ region }: Work, { targetGroupArns }: ScalingGroupRecord, { instanceId }: MemberRecord) {
  return targetHealth(region, targetGroupArns, instanceId);
}
