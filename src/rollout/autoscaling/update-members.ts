/** What of instances of a group changes while they run: their tags and security groups. Target groups are the group's. */

import type { Cloud } from '../../cloud/cloud.ts';
import { retag } from '../apply/retag.ts';
import type { FleetPlan } from '../plan/plan.ts';
import { sameMembers } from '../plan/settings-seen.ts';

/** Can be done again. */
export async function updateMembers(cloud: Cloud, { changes }: FleetPlan): Promise<void> {
  const ec2 = cloud.ec2();
  for (const { action, id, before, after } of changes) {
    if (action !== 'update' || id === undefined || before === undefined || after === undefined) continue;
    await retag(ec2, id, before, after);
    if (!sameMembers(before.securityGroupIds, after.securityGroupIds)) {
      await ec2.modifyInstanceAttribute({ InstanceId: id, Groups: [...after.securityGroupIds] });
    }
  }
}
