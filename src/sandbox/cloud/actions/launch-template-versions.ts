/** Versions of launch templates. */

import type {
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult,
  DeleteLaunchTemplateVersionsRequest,
  DeleteLaunchTemplateVersionsResponseErrorItem,
  DeleteLaunchTemplateVersionsResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  GetLaunchTemplateDataRequest,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { type Facets, filtered } from '../filters.ts';
import { findTemplate, findVersion } from '../find-template.ts';
import { idempotent } from '../idempotency.ts';
import { instanceTemplateData } from '../instance-template-data.ts';
import type { LaunchTemplateRecord, TemplateVersion } from '../launch-template-record.ts';
import { only } from '../only.ts';
import { paginate } from '../paginate.ts';
import { ApiError, missingParameter } from '../protocol/api-error.ts';
import { shownVersion } from '../shown-template.ts';
import { describedVersion } from '../template-version.ts';

const createVersion: Action<CreateLaunchTemplateVersionRequest, CreateLaunchTemplateVersionResult> = async (
  input,
  context,
) => {
  const { ClientToken: token, SourceVersion, LaunchTemplateData = {} } = input;
  const { region, now } = context;
  const { id } = findTemplate(region, input);
  const description = describedVersion(input.VersionDescription);
  const made = await idempotent(context, { token, input, kind: 'launchTemplates' }, () => {
    const template = region.find('launchTemplates', id);
    const source = SourceVersion === undefined ? {} : findVersion(template, SourceVersion).data;
    const number = template.latestVersion + 1;
    const version = { number, createdAt: now, ...description, data: { ...source, ...LaunchTemplateData } };
    region.put('launchTemplates', { ...template, latestVersion: number, versions: [...template.versions, version] });
    return [id, String(number)];
  });
  const template = region.find('launchTemplates', id);
  return { LaunchTemplateVersion: shownVersion(template, findVersion(template, made[1]), context) };
};

interface Found {
  readonly template: LaunchTemplateRecord;
  readonly version: TemplateVersion;
}

/** The newest first. Without a template it is about the newest or the default versions of all of them. */
const describeVersions: Action<DescribeLaunchTemplateVersionsRequest, DescribeLaunchTemplateVersionsResult> = (
  input,
  context,
) => {
  only(input, [
    'LaunchTemplateId',
    'LaunchTemplateName',
    'Versions',
    'MinVersion',
    'MaxVersion',
    'Filters',
    'NextToken',
    'MaxResults',
    'ResolveAlias',
  ]);
  const found = filtered(versionsFor(input, context.region.all('launchTemplates'), context), input.Filters, FACETS);
  const { items, next } = paginate(found, input.MaxResults, input.NextToken);
  const shown = items.map(({ template, version }) => shownVersion(template, version, context));
  return { LaunchTemplateVersions: shown, NextToken: next };
};

function versionsFor(
  input: DescribeLaunchTemplateVersionsRequest,
  all: readonly LaunchTemplateRecord[],
  { region }: Parameters<typeof describeVersions>[1],
): readonly Found[] {
  const { LaunchTemplateId, LaunchTemplateName, Versions = [] } = input;
  const of = (template: LaunchTemplateRecord) => (version: TemplateVersion) => ({ template, version });
  if (LaunchTemplateId === undefined && LaunchTemplateName === undefined) {
    if (Versions.length === 0) throw missingParameter('LaunchTemplateId');
    if (Versions.some((version) => version !== '$Latest' && version !== '$Default')) {
      const message = 'Without a launch template, versions are $Latest and $Default.';
      throw new ApiError('InvalidParameterCombination', message);
    }
    return all.flatMap((template) => named(template, Versions).map(of(template)));
  }
  const template = findTemplate(region, { LaunchTemplateId, LaunchTemplateName });
  const [min, max] = [Number(input.MinVersion ?? 1), Number(input.MaxVersion ?? template.latestVersion)];
  const wanted = Versions.length > 0 ? named(template, Versions) : template.versions;
  const within = wanted.filter(({ number }) => number >= min && number <= max);
  return [...within].sort((a, b) => b.number - a.number).map(of(template));
}

/** Each once. */
function named(template: LaunchTemplateRecord, versions: readonly string[]): readonly TemplateVersion[] {
  return [...new Set(versions.map((version) => findVersion(template, version)))];
}

const FACETS: Facets<Found> = {
  'is-default-version': ({ template, version }) => [version.number === template.defaultVersion],
  'create-time': ({ version }) => [new Date(version.createdAt).toISOString()],
  'image-id': ({ version }) => [version.data.ImageId],
  'instance-type': ({ version }) => [version.data.InstanceType],
  'iam-instance-profile': ({ version: { data } }) => [data.IamInstanceProfile?.Arn ?? data.IamInstanceProfile?.Name],
  'ebs-optimized': ({ version }) => [version.data.EbsOptimized],
  'http-tokens': ({ version }) => [version.data.MetadataOptions?.HttpTokens],
  'http-endpoint': ({ version }) => [version.data.MetadataOptions?.HttpEndpoint],
};

const deleteVersions: Action<DeleteLaunchTemplateVersionsRequest, DeleteLaunchTemplateVersionsResult> = (
  input,
  { region },
) => {
  const template = findTemplate(region, input);
  const of = { LaunchTemplateId: template.id, LaunchTemplateName: template.name };
  const deleted: number[] = [];
  const refused: DeleteLaunchTemplateVersionsResponseErrorItem[] = [];
  for (const text of new Set(input.Versions ?? [])) {
    const number = Number(text);
    if (number === template.defaultVersion) {
      const Message = 'The default version of a launch template cannot be deleted.';
      refused.push({ ...of, VersionNumber: number, ResponseError: { Code: 'unexpectedError', Message } });
    } else if (template.versions.some((version) => version.number === number)) deleted.push(number);
    else {
      const Message = `Could not find the specified version ${text} for the launch template with ID ${template.id}.`;
      const ResponseError = { Code: 'launchTemplateVersionDoesNotExist' as const, Message };
      refused.push({ ...of, VersionNumber: number || 0, ResponseError });
    }
  }
  const versions = template.versions.filter(({ number }) => !deleted.includes(number));
  region.put('launchTemplates', { ...template, versions });
  return {
    SuccessfullyDeletedLaunchTemplateVersions: deleted.map((VersionNumber) => ({ ...of, VersionNumber })),
    UnsuccessfullyDeletedLaunchTemplateVersions: refused,
  };
};

/** The SDK's type lists the instance types that it knows; an instance has its type as text. */
const getData: Action<GetLaunchTemplateDataRequest, object> = ({ InstanceId = '' }, { region }) => {
  return { LaunchTemplateData: instanceTemplateData(region.find('instances', InstanceId), region) };
};

export const LAUNCH_TEMPLATE_VERSION_ACTIONS: Actions = {
  CreateLaunchTemplateVersion: createVersion,
  DescribeLaunchTemplateVersions: describeVersions,
  DeleteLaunchTemplateVersions: deleteVersions,
  GetLaunchTemplateData: getData,
};
