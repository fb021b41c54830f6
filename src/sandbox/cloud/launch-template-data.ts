import type { LaunchTemplateSpecification, RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { Context } from './action.ts';
import { findTemplate, findVersion } from './find-template.ts';

/** What the version of a launch template says that a call means. Throws ApiErrors. */
export function launchTemplateData(
  { region }: Context,
  { LaunchTemplateId, LaunchTemplateName, Version }: LaunchTemplateSpecification,
): RequestLaunchTemplateData {
  const template = findTemplate(region, { LaunchTemplateId, LaunchTemplateName });
  return findVersion(template, Version === '' ? undefined : Version).data;
}
