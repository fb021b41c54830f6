/** Waits until a group has as many instances as it shall have, all of them in service, and nothing leaves any more. */

import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Performing } from '../apply/performing.ts';
import { healthOf } from '../look/look-at-groups.ts';
import type { GroupView } from './group-view.ts';
import { watchGroup } from './watching.ts';

export function awaitSettled(performing: Performing, view: GroupView, targetGroups: readonly string[]): Promise<void> {
  const { count } = performing.ledger.rollout.plan.amounts;
  return watchGroup(performing, view, async (group) => {
    const healthy = await healthyOnes(performing, group, targetGroups);
    const there = group?.Instances?.length ?? 0;
    const done = healthy === count && there === count;
    const leaving = there > count ? `, ${there - count} more are there` : '';
    return {
      done,
      text: `${healthy} of ${count} are in service${leaving}`,
      progress: healthy - Math.max(0, there - count) / 1000,
      isPatient: false,
    };
  });
}

/** In service, and healthy in the eyes of all target groups. */
async function healthyOnes(
  { cloud }: Performing,
  group: AutoScalingGroup | undefined,
  targetGroups: readonly string[],
): Promise<number> {
  const serving = (group?.Instances ?? []).filter(
    ({ LifecycleState, HealthStatus }) => LifecycleState === 'InService' && HealthStatus === 'Healthy',
  );
  const health = await Promise.all(targetGroups.map((arn) => healthOf(cloud.elb(), arn)));
  return serving.filter(({ InstanceId = '' }) => health.every((one) => one.get(InstanceId)?.state === 'healthy'))
    .length;
}
