import type { Tag } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../protocol/api-error.ts';
import type { Tags } from '../state.ts';
import { validationError } from './validation-error.ts';

/** No resource has more. */
const MOST = 50;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The tags after these are added. Throws the ApiErrors `ValidationError`, `DuplicateTagKeys` and `TooManyTags`. */
export function withTags(before: Tags, added: readonly Tag[] = []): Tags {
  const keys = new Set<string>();
  const made: Record<string, string> = { ...before };
  for (const { Key = '', Value = '' } of added) {
    if (keys.has(Key)) throw new ApiError('DuplicateTagKeys', `Tag key was specified more than once: ${Key}`);
    keys.add(Key);
    if (Key === '' || Key.length > 128 || !ALLOWED.test(Key))
      throw validationError(`The tag key '${Key}' is not valid`);
    if (Value.length > 256 || !ALLOWED.test(Value)) throw validationError(`The tag value '${Value}' is not valid`);
    if (/^aws:/i.test(Key)) throw validationError(`Tag keys starting with 'aws:' are reserved for internal use`);
    made[Key] = Value;
  }
  if (Object.keys(made).length <= MOST) return made;
  throw new ApiError('TooManyTags', `The quota for the number of tags that can be assigned has been reached: ${MOST}`);
}
