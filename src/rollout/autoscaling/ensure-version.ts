/** The version of the fleet's launch template that says what its instances are made of: found, or made. */

import type { Cloud } from '../../cloud/cloud.ts';
import { codeOf } from '../../cloud/cloud-error.ts';
import { Fault } from '../../fault.ts';
import { FLEET_TAG } from '../apply/tags.ts';
import { clientToken } from '../apply/token.ts';
import { paged } from '../look/paged.ts';
import { groupName } from './names.ts';
import { descriptionOf, type TemplateSettings, templateData } from './template-data.ts';

export interface Version {
  readonly templateId: string;
  readonly number: number;
}

export interface Wanted {
  readonly fleet: string;
  /** The rollout. */
  readonly rollout: string;
  readonly settings: TemplateSettings;
}

/** Can be called again after a kill at any point of it. Throws `plan-refused` where the template is somebody else's. */
export async function ensureVersion(cloud: Cloud, wanted: Wanted): Promise<Version> {
  const { fleet, rollout, settings } = wanted;
  const ec2 = cloud.ec2();
  const name = groupName(fleet);
  const VersionDescription = descriptionOf(settings);
  const LaunchTemplateData = templateData(settings, { fleet, rollout });
  const template = await templateNamed(cloud, name);
  if (template === undefined) {
    const Tags = [{ Key: FLEET_TAG, Value: fleet }];
    const { LaunchTemplate } = await ec2.createLaunchTemplate({
      LaunchTemplateName: name,
      ClientToken: clientToken(rollout, 0, 'template'),
      TagSpecifications: [{ ResourceType: 'launch-template', Tags }],
      ...{ VersionDescription, LaunchTemplateData },
    });
    return { templateId: LaunchTemplate?.LaunchTemplateId ?? '', number: 1 };
  }
  const { LaunchTemplateId: templateId = '', Tags = [] } = template;
  if (!Tags.some(({ Key, Value }) => Key === FLEET_TAG && Value === fleet)) {
    throw new Fault('plan-refused', `there is a launch template ${name} that is not of fleet ${fleet}`, {
      hint: `name the fleet otherwise; or, if it is of the fleet, tag it:  ${FLEET_TAG} = ${fleet}`,
    });
  }
  const versions = await paged(
    (page) => ec2.describeLaunchTemplateVersions({ LaunchTemplateId: templateId, ...page }),
    ({ LaunchTemplateVersions }) => LaunchTemplateVersions,
  );
  const there = versions.find((version) => version.VersionDescription === VersionDescription);
  if (there?.VersionNumber !== undefined) return { templateId, number: there.VersionNumber };
  const { LaunchTemplateVersion: made } = await ec2.createLaunchTemplateVersion({
    LaunchTemplateId: templateId,
    ClientToken: clientToken(rollout, 0, VersionDescription.replace(/\W/g, '-')),
    ...{ VersionDescription, LaunchTemplateData },
  });
  if (made?.VersionNumber === undefined)
    throw new Fault('cloud-refused', 'CreateLaunchTemplateVersion gave no version');
  return { templateId, number: made.VersionNumber };
}

export async function templateNamed(cloud: Cloud, name: string) {
  try {
    const { LaunchTemplates: [template] = [] } = await cloud
      .ec2()
      .describeLaunchTemplates({ LaunchTemplateNames: [name] });
    return template;
  } catch (error) {
    if (codeOf(error) === 'InvalidLaunchTemplateName.NotFoundException') return undefined;
    throw error;
  }
}
