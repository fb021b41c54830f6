/** Launch templates; their versions are in launch-template-versions.ts. */

import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  DeleteLaunchTemplateRequest,
  DeleteLaunchTemplateResult,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult,
  ModifyLaunchTemplateRequest,
  ModifyLaunchTemplateResult,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { filtered, tagFacets } from '../filters.ts';
import { findTemplate, findVersion, templateNamed } from '../find-template.ts';
import { idempotent } from '../idempotency.ts';
import type { LaunchTemplateRecord } from '../launch-template-record.ts';
import { listed } from '../listed.ts';
import { only } from '../only.ts';
import { paginate } from '../paginate.ts';
import { ApiError } from '../protocol/api-error.ts';
import { newId } from '../resource-ids.ts';
import { shownTemplate } from '../shown-template.ts';
import { allowTagTypes, tagsFor } from '../tags.ts';
import { describedVersion } from '../template-version.ts';

const createTemplate: Action<CreateLaunchTemplateRequest, CreateLaunchTemplateResult> = async (input, context) => {
  only(input, ['ClientToken', 'LaunchTemplateName', 'VersionDescription', 'LaunchTemplateData', 'TagSpecifications']);
  const { ClientToken: token, LaunchTemplateName: name = '', LaunchTemplateData: data = {} } = input;
  const { region, now } = context;
  if (!/^[a-zA-Z0-9().\-/_]{3,128}$/.test(name)) {
    const message = 'A launch template name has 3 to 128 characters of a-zA-Z0-9().-/_';
    throw new ApiError('InvalidLaunchTemplateName.MalformedException', message);
  }
  allowTagTypes(['launch-template'], input.TagSpecifications);
  const tags = tagsFor('launch-template', input.TagSpecifications);
  const version = { number: 1, createdAt: now, ...describedVersion(input.VersionDescription), data };
  const [id = ''] = await idempotent(context, { token, input, kind: 'launchTemplates' }, () => {
    if (Object.values(region.state.launchTemplates).some((template) => template.name === name)) {
      const message = 'Launch template name already in use.';
      throw new ApiError('InvalidLaunchTemplateName.AlreadyExistsException', message);
    }
    const common = { id: newId('launchTemplates'), tags, createdAt: now, name };
    region.put('launchTemplates', { ...common, defaultVersion: 1, latestVersion: 1, versions: [version] });
    return [common.id];
  });
  const template = region.state.launchTemplates[id];
  return template === undefined ? {} : { LaunchTemplate: shownTemplate(template, context) };
};

const describeTemplates: Action<DescribeLaunchTemplatesRequest, DescribeLaunchTemplatesResult> = (input, context) => {
  const { LaunchTemplateIds, LaunchTemplateNames = [] } = input;
  const { region } = context;
  const byId = LaunchTemplateNames.length === 0 ? listed(region, 'launchTemplates', LaunchTemplateIds) : [];
  const templates = [...byId, ...LaunchTemplateNames.map((name) => templateNamed(region, name))];
  const found = filtered(templates, input.Filters, {
    'launch-template-name': ({ name }) => [name],
    'create-time': ({ createdAt }) => [new Date(createdAt).toISOString()],
    ...tagFacets<LaunchTemplateRecord>(({ tags }) => tags),
  });
  const { items, next } = paginate(found, input.MaxResults, input.NextToken);
  return { LaunchTemplates: items.map((template) => shownTemplate(template, context)), NextToken: next };
};

const modifyTemplate: Action<ModifyLaunchTemplateRequest, ModifyLaunchTemplateResult> = (input, context) => {
  const template = findTemplate(context.region, input);
  const defaultVersion = findVersion(template, input.DefaultVersion).number;
  const changed = { ...template, defaultVersion };
  context.region.put('launchTemplates', changed);
  return { LaunchTemplate: shownTemplate(changed, context) };
};

const deleteTemplate: Action<DeleteLaunchTemplateRequest, DeleteLaunchTemplateResult> = (input, context) => {
  const template = findTemplate(context.region, input);
  context.region.remove('launchTemplates', template.id);
  return { LaunchTemplate: shownTemplate(template, context) };
};

export const LAUNCH_TEMPLATE_ACTIONS: Actions = {
  CreateLaunchTemplate: createTemplate,
  DescribeLaunchTemplates: describeTemplates,
  ModifyLaunchTemplate: modifyTemplate,
  DeleteLaunchTemplate: deleteTemplate,
};
