/** Takes away the group with its instances, and its launch template. */

import { isNotFound } from '../../cloud/cloud-error.ts';
import type { Performing } from '../apply/performing.ts';
import { describeGroup } from './describe-group.ts';
import { templateNamed } from './ensure-version.ts';
import type { GroupView } from './group-view.ts';
import { groupName } from './names.ts';
import { watchGroup } from './watching.ts';

export async function destroyGroup(performing: Performing, view: GroupView): Promise<void> {
  const { cloud, ledger } = performing;
  const name = groupName(ledger.name);
  const group = await describeGroup(cloud.autoscaling(), ledger.name);
  if (group !== undefined) {
    view.see(group.Instances ?? []);
    if (group.Status === undefined) {
      await cloud.autoscaling().deleteAutoScalingGroup({ AutoScalingGroupName: name, ForceDelete: true });
    }
    await watchGroup(performing, view, async (now) => {
      const left = now?.Instances?.length ?? 0;
      return { done: now === undefined, text: `${left} instances are left`, progress: -left, isPatient: false };
    });
  }
  const template = await templateNamed(cloud, name);
  if (template?.LaunchTemplateId === undefined) return;
  try {
    await cloud.ec2().deleteLaunchTemplate({ LaunchTemplateId: template.LaunchTemplateId });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
