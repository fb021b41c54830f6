/** Looks at the Auto Scaling group of a fleet, and at what its instances were launched from. */

import type { Instance } from '@aws-sdk/client-auto-scaling';
import type { EC2 } from '@aws-sdk/client-ec2';
import type { Cloud } from '../../cloud/cloud.ts';
import { isNotFound } from '../../cloud/cloud-error.ts';
import { describeGroup } from './describe-group.ts';
import { groupName } from './names.ts';
import type { SeenGroup } from './seen-group.ts';
import { settingsOf, type TemplateSettings } from './template-data.ts';

/** @param imageNames by id, as far as they are known. Throws `plan-refused` where the group is somebody else's. */
export async function lookAtGroup(
  cloud: Cloud,
  fleet: string,
  imageNames: ReadonlyMap<string, string>,
): Promise<SeenGroup> {
  const name = groupName(fleet);
  const group = await describeGroup(cloud.autoscaling(), fleet);
  if (group === undefined) return { name, members: undefined, leaving: [] };
  const instances = group.Instances ?? [];
  const staying = instances.filter((instance) => !isLeaving(instance));
  const settings = await settingsByVersion(cloud.ec2(), staying, imageNames);
  return {
    name,
    members: staying.map((instance) => ({
      id: instance.InstanceId ?? '',
      settings: settings.get(versionOf(instance)),
      inService: instance.LifecycleState === 'InService' && instance.HealthStatus === 'Healthy',
    })),
    leaving: instances.filter((instance) => isLeaving(instance)).flatMap(({ InstanceId }) => InstanceId ?? []),
  };
}

export function isLeaving({ LifecycleState }: Instance): boolean {
  return /^(?:Terminat|Detach)/.test(LifecycleState ?? '');
}

function versionOf({ LaunchTemplate }: Instance): string {
  return `${LaunchTemplate?.LaunchTemplateId ?? ''} ${LaunchTemplate?.Version ?? ''}`;
}

async function settingsByVersion(
  ec2: EC2,
  instances: readonly Instance[],
  imageNames: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, TemplateSettings>> {
  const versions = new Map(instances.map((instance) => [versionOf(instance), instance.LaunchTemplate]));
  const found = new Map<string, TemplateSettings>();
  for (const [key, template] of versions) {
    const { LaunchTemplateId, Version } = template ?? {};
    if (LaunchTemplateId === undefined || Version === undefined) continue;
    const wanted = { LaunchTemplateId, Versions: [Version] };
    const answer = await ec2.describeLaunchTemplateVersions(wanted).catch((error: unknown) => {
      if (isNotFound(error)) return { LaunchTemplateVersions: [] };
      throw error;
    });
    const data = answer.LaunchTemplateVersions?.[0]?.LaunchTemplateData;
    if (data !== undefined) found.set(key, settingsOf(data, imageNames.get(data.ImageId ?? '')));
  }
  return found;
}
