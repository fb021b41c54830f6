import type { LaunchTemplateSpecification, RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { Context } from './action.ts';
import { findTemplate, findVersion } from './find-template.ts';
import type { Tags } from './state.ts';

/** What the version of a launch template says that a call means. Throws ApiErrors. */
export function launchTemplateData(
  context: Context,
  specification: LaunchTemplateSpecification,
): RequestLaunchTemplateData {
  return named(context, specification).version.data;
}

/** The tags by which EC2 says which template an instance was launched from. */
export function launchTemplateTags(context: Context, specification: LaunchTemplateSpecification): Tags {
  const { template, version } = named(context, specification);
  return { 'aws:ec2launchtemplate:id': template.id, 'aws:ec2launchtemplate:version': String(version.number) };
}

function named({ region }: Context, { LaunchTemplateId, LaunchTemplateName, Version }: LaunchTemplateSpecification) {
  const template = findTemplate(region, { LaunchTemplateId, LaunchTemplateName });
  return { template, version: findVersion(template, Version === '' ? undefined : Version) };
}
