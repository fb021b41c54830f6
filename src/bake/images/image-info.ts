/** An image that was baked, as its tags tell. */

import type { Image } from '@aws-sdk/client-ec2';
import { BASE_TAG, CHANNEL_TAG, INPUTS_TAG, REASON_TAG, REVOKED_TAG } from '../tag-names.ts';
import { IMAGE_TAG, RUN_TAG, STATE_TAG } from '../tags.ts';

export interface ImageInfo {
  readonly id: string;
  readonly name: string;
  /** As playbake.yml names it. */
  readonly image: string;
  readonly run: string;
  /** `good` may be used; `building` is not through yet, or was left behind; `revoked`; else EC2's state, such as `pending`. */
  readonly state: string;
  /** ISO 8601. */
  readonly created: string;
  readonly base: string | undefined;
  readonly inputs: string | undefined;
  /** Those that the image is in, with the time since when. */
  readonly channels: ReadonlyMap<string, string>;
  readonly revoked: { readonly at: string; readonly because: string | undefined } | undefined;
  /** ISO 8601. */
  readonly deprecated: string | undefined;
  readonly architecture: string;
  readonly snapshots: readonly string[];
}

/** Undefined for an image that no bake has made. */
export function imageInfo(image: Image): ImageInfo | undefined {
  const tags = new Map((image.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  const own = tags.get(IMAGE_TAG);
  if (own === undefined || image.ImageId === undefined) return undefined;
  const at = tags.get(REVOKED_TAG);
  const ready = image.State === 'available' ? (tags.get(STATE_TAG) ?? 'building') : (image.State ?? 'pending');
  return {
    id: image.ImageId,
    name: image.Name ?? '',
    image: own,
    run: tags.get(RUN_TAG) ?? '',
    state: at === undefined ? ready : 'revoked',
    created: image.CreationDate ?? '',
    base: tags.get(BASE_TAG),
    inputs: tags.get(INPUTS_TAG),
    channels: new Map(
      [...tags].flatMap(([key, value]) =>
        key.startsWith(CHANNEL_TAG) ? [[key.slice(CHANNEL_TAG.length), value]] : [],
      ),
    ),
    revoked: at === undefined ? undefined : { at, because: tags.get(REASON_TAG) },
    deprecated: image.DeprecationTime,
    architecture: image.Architecture ?? '',
    snapshots: (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
  };
}
