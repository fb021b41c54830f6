/** Puts an image into a channel, in the place of the one that was there. */

import { Fault } from '../../fault.ts';
import type { ImageInfo, Images } from '../images.ts';
import { CHANNEL_TAG } from '../tag-names.ts';

export interface Promoted {
  readonly image: ImageInfo;
  readonly channel: string;
  /** Those that were in the channel before. */
  readonly before: readonly ImageInfo[];
  /** It was in the channel, alone, already. */
  readonly isSame: boolean;
}

/**
 * The new image has the tag before the old one loses it: the channel is never empty. Throws `image-unusable` for one that
 * is not good, `option-invalid` for a name that no tag can have.
 */
export async function promote(images: Images, image: ImageInfo, channel: string, now: Date): Promise<Promoted> {
  if (!/^[a-z0-9][a-z0-9._-]{0,60}$/i.test(channel)) {
    throw new Fault('option-invalid', `"${channel}" is no name of a channel`, {
      hint: 'letters, digits, dots, dashes and underscores, such as stable',
    });
  }
  if (image.state !== 'good') {
    throw new Fault('image-unusable', `${image.name} (${image.id}) is ${image.state}: only a good image is promoted`, {
      hint: `\`playbake image list\` shows which images of ${image.image} are good`,
    });
  }
  const all = await images.list(image.image);
  const before = all.filter(({ id, channels }) => id !== image.id && channels.has(channel));
  const isSame = image.channels.has(channel) && before.length === 0;
  const key = `${CHANNEL_TAG}${channel}`;
  if (!isSame) {
    await images.ec2.createTags({ Resources: [image.id], Tags: [{ Key: key, Value: now.toISOString() }] });
  }
  if (before.length > 0) {
    await images.ec2.deleteTags({ Resources: before.map(({ id }) => id), Tags: [{ Key: key }] });
  }
  return { image, channel, before, isSame };
}
