/** Tags of everything that can have some. */

import type { CreateTagsRequest, DeleteTagsRequest, DescribeTagsRequest, TagDescription } from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { type Facets, filtered } from '../filters.ts';
import { paginate } from '../paginate.ts';
import { missingParameter } from '../protocol/api-error.ts';
import { allTagged, findTagged, setTags } from '../tagged.ts';
import { limited, tagsOf } from '../tags.ts';

const createTags: Action<CreateTagsRequest, object> = ({ Resources = [], Tags = [] }, { region }) => {
  if (Resources.length === 0) throw missingParameter('resourceIdSet');
  if (Tags.length === 0) throw missingParameter('tagSet');
  const added = tagsOf(Tags);
  const changes = Resources.map((id) => ({ id, tags: limited({ ...findTagged(region, id).tags, ...added }) }));
  for (const { id, tags } of changes) setTags(region, id, tags);
  return {};
};

/** A tag with a value goes only if it has that value; without any tag all go. */
const deleteTags: Action<DeleteTagsRequest, object> = ({ Resources = [], Tags }, { region }) => {
  if (Resources.length === 0) throw missingParameter('resourceIdSet');
  const goes = (key: string, value: string) =>
    Tags === undefined || Tags.some(({ Key, Value }) => Key === key && (Value === undefined || Value === value));
  const changes = Resources.map((id) => {
    const kept = Object.entries(findTagged(region, id).tags).filter(([key, value]) => !goes(key, value));
    return { id, tags: Object.fromEntries(kept) };
  });
  for (const { id, tags } of changes) setTags(region, id, tags);
  return {};
};

/** The SDK's type does not know every type of resource that it may meet. */
type Shown = Omit<TagDescription, 'ResourceType'> & { readonly ResourceType: string };

interface Described {
  readonly Tags: readonly Shown[];
  readonly NextToken: string | undefined;
}

const describeTags: Action<DescribeTagsRequest, Described> = ({ Filters, MaxResults, NextToken }, { region }) => {
  const all = allTagged(region).flatMap(({ id, type, tags }) =>
    Object.entries(tags).map(([Key, Value]): Shown => ({ Key, Value, ResourceId: id, ResourceType: type })),
  );
  const { items, next } = paginate(filtered(all, Filters, FACETS), MaxResults, NextToken);
  return { Tags: items, NextToken: next };
};

const FACETS: Facets<Shown> = {
  key: ({ Key }) => [Key],
  value: ({ Value }) => [Value],
  'resource-id': ({ ResourceId }) => [ResourceId],
  'resource-type': ({ ResourceType }) => [ResourceType],
  'tag:': ({ Key, Value }) => [`${Key}=${Value}`],
};

export const TAG_ACTIONS: Actions = { CreateTags: createTags, DeleteTags: deleteTags, DescribeTags: describeTags };
