/** What the cloud tells of a fleet's Auto Scaling group, and of what it launches. */

import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { LaunchTemplateVersion } from '@aws-sdk/client-ec2';
import type { Cloud } from '../../cloud/cloud.ts';
import { Fault } from '../../fault.ts';
import type { GroupState } from '../state/state.ts';

export interface SeenGroup {
  readonly group: AutoScalingGroup;
  /** The version that it launches. */
  readonly version: LaunchTemplateVersion;
  readonly latest: number;
  /** Undefined: the image is not there any more. */
  readonly imageName: string | undefined;
}

/** Throws `export-refused` where one of them is gone. */
export async function lookAtGroup(
  fleet: string,
  { name, launchTemplateId }: GroupState,
  cloud: Cloud,
): Promise<SeenGroup> {
  const { AutoScalingGroups = [] } = await cloud
    .autoscaling()
    .describeAutoScalingGroups({ AutoScalingGroupNames: [name] });
  const [group] = AutoScalingGroups;
  if (!group) throw new Fault('export-refused', `fleet.${fleet}: there is no Auto Scaling group ${name}`);
  const wanted = group.LaunchTemplate?.Version ?? '$Default';
  const ec2 = cloud.ec2();
  const { LaunchTemplateVersions: versions = [] } = await ec2.describeLaunchTemplateVersions({
    LaunchTemplateId: group.LaunchTemplate?.LaunchTemplateId ?? launchTemplateId,
    Versions: [wanted, '$Latest'],
  });
  const latest = Math.max(...versions.map(({ VersionNumber }) => VersionNumber ?? 0));
  const version = versions.find(({ VersionNumber, DefaultVersion }) => {
    if (wanted === '$Latest') return VersionNumber === latest;
    return wanted === '$Default' ? DefaultVersion : VersionNumber === Number(wanted);
  });
  if (!version)
    throw new Fault('export-refused', `fleet.${fleet}: the launch template of ${name} has no version ${wanted}`);
  const Values = [version.LaunchTemplateData?.ImageId ?? ''];
  const { Images = [] } = await ec2.describeImages({ Filters: [{ Name: 'image-id', Values }] });
  return { group, version, latest, imageName: Images[0]?.Name };
}
