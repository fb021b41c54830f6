/** Tags of Auto Scaling groups. */

import type {
  CreateOrUpdateTagsType,
  DeleteTagsType,
  DescribeTagsType,
  Tag,
  TagDescription,
  TagsType,
} from '@aws-sdk/client-auto-scaling';
import type { Action, Actions, Context } from '../../action.ts';
import { type Facets, filtered } from '../../filters.ts';
import { findScalingGroup } from '../find-scaling-group.ts';
import type { ScalingGroupRecord } from '../group-record.ts';
import { GROUP_TYPE, type GroupTags, shownGroupTags, withoutTags, withTags } from '../group-tags.ts';
import { invalid } from '../invalid.ts';
import { pageOf } from '../page-of.ts';

const createTags: Action<CreateOrUpdateTagsType, object> = ({ Tags = [] }, context) => {
  return changeTags(context, Tags, (group, tags) => withTags(group, tags));
};

const deleteTags: Action<DeleteTagsType, object> = ({ Tags = [] }, context) => {
  return changeTags(context, Tags, (group, tags) =>
    withoutTags(
      group,
      tags.flatMap(({ Key }) => Key ?? []),
    ),
  );
};

/** Each tag says which group it is for. Nothing is changed when one is wrong. */
function changeTags(
  { region }: Context,
  tags: readonly Tag[],
  change: (group: GroupTags, tags: readonly Tag[]) => GroupTags,
): object {
  const wrong = tags.find(({ ResourceType = GROUP_TYPE }) => ResourceType !== GROUP_TYPE);
  if (wrong !== undefined) throw invalid(`The resource type ${wrong.ResourceType} is not valid: it is ${GROUP_TYPE}.`);
  const names = [...new Set(tags.map(({ ResourceId }) => ResourceId))];
  const changes = names.map((name): readonly [ScalingGroupRecord, GroupTags] => {
    const group = findScalingGroup(region, name);
    return [
      group,
      change(
        group,
        tags.filter(({ ResourceId }) => ResourceId === name),
      ),
    ];
  });
  for (const [{ id }, changed] of changes) {
    const { tags: after, propagated } = changed;
    region.change('scalingGroups', id, (group) => ({ ...group, tags: after, propagated }));
  }
  return {};
}

const FACETS: Facets<TagDescription> = {
  'auto-scaling-group': ({ ResourceId }) => [ResourceId],
  key: ({ Key }) => [Key],
  value: ({ Value }) => [Value],
  'propagate-at-launch': ({ PropagateAtLaunch }) => [PropagateAtLaunch],
};

const describeTags: Action<DescribeTagsType, TagsType> = ({ Filters, MaxRecords, NextToken }, { region }) => {
  const all = region.all('scalingGroups').flatMap((group) => shownGroupTags(group));
  const { items, next } = pageOf(filtered(all, Filters, FACETS), MaxRecords, NextToken);
  return { Tags: items, ...next };
};

export const GROUP_TAG_ACTIONS: Actions = {
  CreateOrUpdateTags: createTags,
  DeleteTags: deleteTags,
  DescribeTags: describeTags,
};
