import type { TemplateVersion } from './launch-template-record.ts';
import { ApiError } from './protocol/api-error.ts';

/** The description of a version, where there is one. */
export function describedVersion(description: string | undefined): Pick<TemplateVersion, 'description'> {
  if (description === undefined) return {};
  if (description.length <= 255) return { description };
  throw new ApiError('InvalidParameterValue', 'The description of a version has up to 255 characters.');
}
