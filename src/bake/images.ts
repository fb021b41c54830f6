/** Images that bakes have made, in one region: found by their tags, put into channels, revoked. */

import type { EC2, Filter, Image } from '@aws-sdk/client-ec2';
import { Fault } from '../fault.ts';
import { near } from '../value/near.ts';
import { type ImageInfo, imageInfo } from './images/image-info.ts';
import { IMAGE_TAG } from './tags.ts';

export type { ImageInfo } from './images/image-info.ts';

export class Images {
  readonly ec2: EC2;
  readonly region: string;

  constructor(ec2: EC2, region: string) {
    this.ec2 = ec2;
    this.region = region;
  }

  /** The newest first. @param image as playbake.yml names it; default: all. */
  async list(image?: string): Promise<readonly ImageInfo[]> {
    const filter: Filter =
      image === undefined ? { Name: 'tag-key', Values: [IMAGE_TAG] } : { Name: `tag:${IMAGE_TAG}`, Values: [image] };
    const found: Image[] = [];
    let token: string | undefined;
    do {
      const answer = await this.ec2.describeImages({
        Owners: ['self'],
        Filters: [filter],
        ...(token !== undefined && { NextToken: token }),
      });
      found.push(...(answer.Images ?? []));
      token = answer.NextToken || undefined;
    } while (token !== undefined);
    return found.flatMap((one) => imageInfo(one) ?? []).sort(newestFirst);
  }

  /**
   * The image that a word means: an id; an image's own name; `IMAGE:CHANNEL`; or the name of playbake.yml, for the newest
   * good one. Throws `image-missing`.
   */
  async find(word: string): Promise<ImageInfo> {
    const all = await this.list();
    const [image = '', channel] = word.split(':');
    const found =
      all.find(({ id, name }) => id === word || name === word) ??
      (channel === undefined
        ? all.find((one) => one.image === word && one.state === 'good')
        : inChannel(all, image, channel));
    if (found) return found;
    const words = all.flatMap((one) => [
      one.id,
      one.name,
      one.image,
      ...[...one.channels.keys()].map((to) => `${one.image}:${to}`),
    ]);
    const [likely] = near(word, [...new Set(words)]);
    throw new Fault('image-missing', `there is no image ${word} of ours in ${this.region}`, {
      hint: likely === undefined ? '`playbake image list` lists them' : `did you mean ${likely}?`,
    });
  }
}

/** The image of a channel: while one takes the place of another, both have its tag, and the later one counts. */
export function inChannel(all: readonly ImageInfo[], image: string, channel: string): ImageInfo | undefined {
  const since = (one: ImageInfo): string => one.channels.get(channel) ?? '';
  const ones = all.filter((one) => one.image === image && one.channels.has(channel) && one.state === 'good');
  return ones.sort((a, b) => (since(a) > since(b) ? -1 : since(a) < since(b) ? 1 : newestFirst(a, b)))[0];
}

function newestFirst(a: ImageInfo, b: ImageInfo): number {
  if (a.created !== b.created) return a.created > b.created ? -1 : 1;
  return a.id > b.id ? -1 : 1;
}
