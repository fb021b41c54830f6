/** Launch templates and their versions, as calls name them. */

import type { LaunchTemplateRecord, TemplateVersion } from './launch-template-record.ts';
import { ApiError, missingParameter } from './protocol/api-error.ts';
import type { Region } from './region.ts';

export interface TemplateNaming {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
}

/** Throws ApiErrors. */
export function findTemplate(region: Region, { LaunchTemplateId, LaunchTemplateName }: TemplateNaming) {
  if (LaunchTemplateId !== undefined && LaunchTemplateName !== undefined) {
    const message = 'You must specify either the launch template ID or the launch template name, but not both.';
    throw new ApiError('InvalidParameterCombination', message);
  }
  if (LaunchTemplateId !== undefined) return region.find('launchTemplates', LaunchTemplateId);
  if (LaunchTemplateName === undefined) throw missingParameter('LaunchTemplateId or LaunchTemplateName');
  return templateNamed(region, LaunchTemplateName);
}

export function templateNamed(region: Region, name: string): LaunchTemplateRecord {
  const id = region.all('launchTemplates').find((template) => template.name === name)?.id;
  const template = region.state.launchTemplates[id ?? ''];
  if (template !== undefined) return template;
  const message = `The specified launch template, with template name ${name}, does not exist.`;
  throw new ApiError('InvalidLaunchTemplateName.NotFoundException', message);
}

/** `version` is a number, `$Latest` or `$Default`, which it is by default. Throws an ApiError. */
export function findVersion(template: LaunchTemplateRecord, version = '$Default'): TemplateVersion {
  const number = versionNumber(template, version);
  const found = template.versions.find((candidate) => candidate.number === number);
  if (found !== undefined) return found;
  const message = `Could not find the specified version ${version} for the launch template with ID ${template.id}.`;
  throw new ApiError('InvalidLaunchTemplateId.VersionNotFound', message);
}

function versionNumber({ defaultVersion, versions }: LaunchTemplateRecord, version: string): number {
  if (version === '$Default') return defaultVersion;
  if (version === '$Latest') return versions.at(-1)?.number ?? 0;
  if (/^\d+$/.test(version)) return Number(version);
  const message = `Invalid launch template version: either '$Default', '$Latest', or a numeric version are allowed.`;
  throw new ApiError('InvalidLaunchTemplateVersion.Malformed', message);
}
