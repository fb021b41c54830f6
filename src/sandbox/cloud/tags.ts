/** Tags as the API writes them, and as the state keeps them. */

import type { Tag, TagSpecification } from '@aws-sdk/client-ec2';
import { ApiError } from './protocol/api-error.ts';
import type { Tags } from './state.ts';

/** No resource has more; EC2's quota. */
const MOST = 50;

/** Throws the ApiErrors `InvalidParameterValue` and `TagLimitExceeded`. */
export function tagsOf(tags: readonly Tag[] = []): Tags {
  const made: Record<string, string> = {};
  for (const { Key = '', Value = '' } of tags) {
    if (Key === '') throw new ApiError('InvalidParameterValue', 'Tag keys cannot be empty');
    if (Key.length > 127)
      throw new ApiError('InvalidParameterValue', `Tag key exceeds the maximum length of 127 characters`);
    if (Value.length > 255) {
      throw new ApiError('InvalidParameterValue', `Tag value exceeds the maximum length of 255 characters`);
    }
    if (/^aws:/i.test(Key)) {
      throw new ApiError('InvalidParameterValue', `Tag keys starting with 'aws:' are reserved for internal use`);
    }
    if (Object.hasOwn(made, Key)) throw new ApiError('InvalidParameterValue', `Duplicate tag key '${Key}' specified.`);
    made[Key] = Value;
  }
  return limited(made);
}

export function limited(tags: Tags): Tags {
  if (Object.keys(tags).length <= MOST) return tags;
  throw new ApiError('TagLimitExceeded', `The maximum number of tags for a resource is ${MOST}.`);
}

/** The tags that a call gives the resources of type `type` (`instance`, `image` …) at their creation. */
export function tagsFor(type: string, specifications: readonly TagSpecification[] = []): Tags {
  return tagsOf(specifications.filter(({ ResourceType }) => ResourceType === type).flatMap(({ Tags = [] }) => Tags));
}

/** Refuses tags for types of resources that the call does not create. */
export function allowTagTypes(types: readonly string[], specifications: readonly TagSpecification[] = []): void {
  const wrong = specifications.find(({ ResourceType }) => !types.includes(ResourceType ?? ''));
  if (wrong === undefined) return;
  const message = `'${wrong.ResourceType ?? ''}' is not a valid taggable resource type for this operation.`;
  throw new ApiError('InvalidParameterValue', message);
}

export function shownTags(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
