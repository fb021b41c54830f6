/** Tags, as EC2's calls take them. */

import type { ResourceType, TagSpecification } from '@aws-sdk/client-ec2';

export type Tags = Readonly<Record<string, string>>;

export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** For the call that makes things, so that nothing is without them for a moment. */
export function tagged(types: readonly ResourceType[], tags: Tags): TagSpecification[] {
  const Tags = tagList(tags);
  return types.map((ResourceType) => ({ ResourceType, Tags }));
}
