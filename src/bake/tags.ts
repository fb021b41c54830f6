/** Tags by which what a bake makes is found again, also where its journal is lost. */

import type { ResourceType, TagSpecification } from '@aws-sdk/client-ec2';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export const RUN_TAG = 'playbake:run';
/** The image that the run bakes, as playbake.yml names it. */
export const IMAGE_TAG = 'playbake:image';
/** `building`, and `good` once all is done: only then may an image be used. */
export const STATE_TAG = 'playbake:state';
/** A time after which the run cannot be alive any more, ISO 8601. */
export const UNTIL_TAG = 'playbake:until';

export interface RunTags {
  readonly run: string;
  readonly image: string;
  readonly until: Date;
}

export function runTags({ run, image, until }: RunTags): readonly Tag[] {
  return [
    { Key: RUN_TAG, Value: run },
    { Key: IMAGE_TAG, Value: image },
    { Key: STATE_TAG, Value: 'building' },
    { Key: UNTIL_TAG, Value: until.toISOString() },
  ];
}

/** Tags for the call that makes things, so that nothing is without them for a moment. A `Name` among them holds. */
export function tagged(types: readonly ResourceType[], name: string, tags: readonly Tag[]): TagSpecification[] {
  const whole = new Map([['Name', name], ...tags.map(({ Key, Value }) => [Key, Value] as const)]);
  const Tags = [...whole].map(([Key, Value]) => ({ Key, Value }));
  return types.map((ResourceType) => ({ ResourceType, Tags }));
}
