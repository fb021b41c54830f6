/** Tags of load balancers, target groups, listeners and rules. */

import type {
  AddTagsInput,
  DescribeTagsInput,
  DescribeTagsOutput,
  RemoveTagsInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Action, Actions } from '../../action.ts';
import type { Region } from '../../region.ts';
import type { Tags } from '../../state.ts';
import { defaultRuleArn } from '../arns.ts';
import { withTags } from '../balancing-tags.ts';
import {
  type BalancingKind,
  findListener,
  findLoadBalancer,
  findRule,
  findTargetGroup,
  kindOfArn,
} from '../find-balancing.ts';
import { validationError } from '../validation-error.ts';

interface Tagged {
  readonly kind: BalancingKind;
  readonly id: string;
  readonly tags: Tags;
}

const FINDERS = {
  loadBalancers: findLoadBalancer,
  targetGroups: findTargetGroup,
  listeners: findListener,
  listenerRules: findRule,
};

function find(region: Region, arn: string): Tagged {
  const kind = kindOfArn(arn);
  if (kind === undefined) throw validationError(`'${arn}' is not a valid resource ARN`);
  const { id, tags } = FINDERS[kind](region, arn);
  return { kind, id, tags };
}

const add: Action<AddTagsInput, object> = ({ ResourceArns = [], Tags }, { region }) => {
  const changes = ResourceArns.map((arn) => find(region, arn)).map((one) => ({
    ...one,
    tags: withTags(one.tags, Tags),
  }));
  for (const { kind, id, tags } of changes) region.change(kind, id, (record) => ({ ...record, tags }));
  return {};
};

const remove: Action<RemoveTagsInput, object> = ({ ResourceArns = [], TagKeys = [] }, { region }) => {
  const found = ResourceArns.map((arn) => find(region, arn));
  for (const { kind, id, tags } of found) {
    const kept = Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key)));
    region.change(kind, id, (record) => ({ ...record, tags: kept }));
  }
  return {};
};

const describe: Action<DescribeTagsInput, DescribeTagsOutput> = ({ ResourceArns = [] }, { region }) => ({
  TagDescriptions: ResourceArns.map((arn) => ({
    ResourceArn: arn,
    Tags: Object.entries(tagsOf(region, arn)).map(([Key, Value]) => ({ Key, Value })),
  })),
});

/** Default rules are no records, and have no tags. */
function tagsOf(region: Region, arn: string): Tags {
  if (region.all('listeners').some(({ id }) => defaultRuleArn(id) === arn)) return {};
  return find(region, arn).tags;
}

export const BALANCING_TAG_ACTIONS: Actions = { AddTags: add, RemoveTags: remove, DescribeTags: describe };
