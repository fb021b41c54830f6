import type { LaunchTemplateSpecification } from '@aws-sdk/client-auto-scaling';
import type { Context } from '../action.ts';
import { findTemplate, findVersion } from '../find-template.ts';
import { ApiError } from '../protocol/api-error.ts';
import type { ScalingGroupRecord, TemplateChoice } from './group-record.ts';
import { invalid } from './invalid.ts';
import { memberLaunch } from './member-launch.ts';

/** The template that a call names; it must be there. Throws the ApiError `ValidationError`. */
export function chosenTemplate({ region }: Context, specification: LaunchTemplateSpecification): TemplateChoice {
  const { LaunchTemplateId, LaunchTemplateName, Version } = specification;
  if ((LaunchTemplateId === undefined) === (LaunchTemplateName === undefined)) {
    throw invalid('Valid requests must contain either launchTemplateId or LaunchTemplateName');
  }
  const version = Version === undefined || Version === '' ? '$Default' : Version;
  return inItsWords(() => {
    const template = findTemplate(region, { LaunchTemplateId, LaunchTemplateName });
    findVersion(template, version);
    return { id: template.id, name: template.name, version };
  });
}

/** Tries a launch, without launching anything. Throws the ApiError `ValidationError` when there could not be any. */
export function mustLaunch(context: Context, group: ScalingGroupRecord, template = group.template): void {
  inItsWords(() => {
    try {
      memberLaunch(context, group, template, new Set());
    } catch (error) {
      // There may be room later.
      if (!(error instanceof ApiError) || error.code !== 'InsufficientFreeAddressesInSubnet') throw error;
    }
  });
}

function inItsWords<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw invalid(`You must use a valid fully-formed launch template. ${error.message}`);
  }
}
