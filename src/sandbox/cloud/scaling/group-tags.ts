/** Tags of groups: some of them are given to the instances that the group launches. */

import type { Tag, TagDescription } from '@aws-sdk/client-auto-scaling';
import { limited, tagsOf } from '../tags.ts';
import type { ScalingGroupRecord } from './group-record.ts';

export type GroupTags = Pick<ScalingGroupRecord, 'tags' | 'propagated'>;

/** What a group has with `tags` in addition. Throws ApiErrors. */
export function withTags({ tags: before, propagated }: GroupTags, tags: readonly Tag[] = []): GroupTags {
  const given = tagsOf(tags.map(({ Key, Value }) => ({ Key: Key ?? '', Value: Value ?? '' })));
  const kept = propagated.filter((key) => given[key] === undefined);
  const added = tags.flatMap(({ Key, PropagateAtLaunch }) => (PropagateAtLaunch === true && Key ? [Key] : []));
  return { tags: limited({ ...before, ...given }), propagated: [...kept, ...added] };
}

export function withoutTags({ tags, propagated }: GroupTags, keys: readonly string[]): GroupTags {
  const kept = Object.entries(tags).filter(([key]) => !keys.includes(key));
  return { tags: Object.fromEntries(kept), propagated: propagated.filter((key) => !keys.includes(key)) };
}

export function shownGroupTags({ name, tags, propagated }: ScalingGroupRecord): TagDescription[] {
  return Object.entries(tags).map(([Key, Value]) => ({
    ResourceId: name,
    ResourceType: GROUP_TYPE,
    Key,
    Value,
    PropagateAtLaunch: propagated.includes(Key),
  }));
}

export const GROUP_TYPE = 'auto-scaling-group';
