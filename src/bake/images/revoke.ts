/** Takes an image out of use. */

import { Fault } from '../../fault.ts';
import { type ImageInfo, type Images, inChannel } from '../images.ts';
import { CHANNEL_TAG, REASON_TAG, REVOKED_TAG } from '../tag-names.ts';

export interface RevokeOptions {
  /** Shown to who asks for the image. */
  readonly because?: string | undefined;
  /** Also where a channel is then without an image. */
  readonly force: boolean;
  /** Removes the image and its snapshots: nothing can be launched from it any more. */
  readonly deregister: boolean;
  readonly now: Date;
}

export interface Revoked {
  readonly image: ImageInfo;
  /** Channels that it was in. */
  readonly channels: readonly string[];
  readonly deregistered: boolean;
}

/** EC2 takes no time that is past, and counts in minutes. */
const SOON = 2 * 60_000;

/**
 * Marks the image, deprecates it and takes it out of its channels. Instances that run are left alone.
 * Throws `image-in-use` for the image of a channel, unless `force` is given.
 */
export async function revoke(images: Images, image: ImageInfo, options: RevokeOptions): Promise<Revoked> {
  const { because, force, deregister, now } = options;
  const all = await images.list(image.image);
  const serving = [...image.channels.keys()].filter((name) => inChannel(all, image.image, name)?.id === image.id);
  if (serving.length > 0 && !force) {
    const next = all.find((one) => one.id !== image.id && one.state === 'good');
    throw new Fault('image-in-use', `${image.name} (${image.id}) is the image of ${listed(serving)}`, {
      hint:
        next === undefined
          ? 'there is no other good image to promote; --force revokes it all the same'
          : `promote another first: playbake image promote ${next.id} ${serving[0]}; or --force`,
    });
  }
  const { ec2 } = images;
  const marks = [
    { Key: REVOKED_TAG, Value: now.toISOString() },
    ...(because === undefined ? [] : [{ Key: REASON_TAG, Value: because.slice(0, 256) }]),
  ];
  await ec2.createTags({ Resources: [image.id], Tags: marks });
  const tags = [...image.channels.keys()].map((name) => ({ Key: `${CHANNEL_TAG}${name}` }));
  if (tags.length > 0) await ec2.deleteTags({ Resources: [image.id], Tags: tags });
  if (!deregister) await ec2.enableImageDeprecation({ ImageId: image.id, DeprecateAt: new Date(now.getTime() + SOON) });
  else await ec2.deregisterImage({ ImageId: image.id, DeleteAssociatedSnapshots: true });
  return { image, channels: [...image.channels.keys()], deregistered: deregister };
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? `the channel ${names[0]}` : `the channels ${names.join(', ')}`;
}
