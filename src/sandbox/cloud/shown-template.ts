/** Launch templates as the API shows them. */

import type { LaunchTemplate, LaunchTemplateVersion } from '@aws-sdk/client-ec2';
import type { Context } from './action.ts';
import { callerArn } from './caller-arn.ts';
import type { LaunchTemplateRecord, TemplateVersion } from './launch-template-record.ts';
import { shownTags } from './tags.ts';

export function shownTemplate(template: LaunchTemplateRecord, { cloud }: Context): LaunchTemplate {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    CreateTime: new Date(template.createdAt),
    CreatedBy: callerArn(cloud.store.state.account),
    DefaultVersionNumber: template.defaultVersion,
    LatestVersionNumber: template.latestVersion,
    Tags: shownTags(template.tags),
  };
}

export function shownVersion(
  template: LaunchTemplateRecord,
  { number, createdAt, description, data }: TemplateVersion,
  { cloud }: Context,
): LaunchTemplateVersion {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: number,
    VersionDescription: description,
    CreateTime: new Date(createdAt),
    CreatedBy: callerArn(cloud.store.state.account),
    DefaultVersion: number === template.defaultVersion,
    LaunchTemplateData: data,
  };
}
