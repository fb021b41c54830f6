/** What `image:` of a fleet means now, and which earlier images can still be launched. */

import type { EC2, Filter, Image } from '@aws-sdk/client-ec2';
import { type ImageInfo, type Images, inChannel } from '../../bake/images.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import { Fault, type FaultCode } from '../../fault.ts';
import { near } from '../../value/near.ts';
import { whereOf } from '../../value/source.ts';
import { inParts, paged } from './paged.ts';
import type { SeenImage } from './seen.ts';

/** Of these, those that can be launched. */
export async function launchable(ec2: EC2, ids: readonly string[]): Promise<readonly SeenImage[]> {
  const images = await inParts(ids, (Values) => describe(ec2, { Name: 'image-id', Values }));
  return images.filter(({ State }) => State === 'available').map(seenImage);
}

/** Throws `image-missing`, `image-unusable`. @param ours images that bakes have made, the newest first */
export async function imageMeant(
  fleet: FleetConfig,
  { ec2, region }: Images,
  ours: readonly ImageInfo[],
): Promise<SeenImage> {
  const word = fleet.image;
  const where = whereOf(fleet, 'image');
  const fault = (code: FaultCode, message: string, hint: string) =>
    new Fault(code, `fleet ${fleet.name}: ${message}`, { where, hint });
  const [name = '', channel] = word.split(':');
  if (channel !== undefined) {
    const found = inChannel(ours, name, channel);
    if (found) return plain(found);
    const there = ours.filter(({ image }) => image === name);
    if (there.length === 0) throw fault('image-missing', `there is no image ${name} in ${region}`, noImage(name, ours));
    const good = there.find(({ state }) => state === 'good');
    throw fault(
      'image-missing',
      `no image of ${name} is in the channel ${channel}`,
      good ? `playbake image promote ${good.id} ${channel}` : `none of them is good: \`playbake image list ${name}\``,
    );
  }
  const own = ours.find(({ id, name: full }) => id === word || full === word);
  if (own) {
    if (own.state === 'good') return plain(own);
    throw fault('image-unusable', `${own.name} (${own.id}) is ${stateText(own)}`, whatElse(own, ours));
  }
  const named = ours.filter(({ image }) => image === word);
  const newest = named.find(({ state }) => state === 'good');
  if (newest) return plain(newest);
  if (named[0]) {
    const message = `no image of ${word} is good; the newest, ${named[0].name} (${named[0].id}), is ${stateText(named[0])}`;
    throw fault('image-unusable', message, `make one: bake ${word}`);
  }
  const key = /^ami-[0-9a-f]+$/.test(word) ? 'image-id' : 'name';
  const [other] = await describe(ec2, { Name: key, Values: [word] });
  if (other === undefined) throw fault('image-missing', `there is no image ${word} in ${region}`, noImage(word, ours));
  if (other.State === 'available') return seenImage(other);
  throw fault('image-unusable', `the image ${word} is ${other.State}`, 'wait until it is available, or name another');
}

function describe(ec2: EC2, filter: Filter): Promise<readonly Image[]> {
  return paged(
    (page) => ec2.describeImages({ Filters: [filter], IncludeDeprecated: true, ...page }),
    ({ Images }) => Images,
  );
}

function seenImage(image: Image): SeenImage {
  const { ImageId: id = '', Name: name = '', Architecture: architecture = '' } = image;
  return { id, name: name || id, architecture };
}

function plain({ id, name, architecture }: ImageInfo): SeenImage {
  return { id, name, architecture };
}

function stateText({ state, revoked }: ImageInfo): string {
  if (state === 'building') return 'not good: its bake is not through, or was left behind';
  return revoked?.because === undefined ? state : `${state}: ${revoked.because}`;
}

function whatElse(bad: ImageInfo, ours: readonly ImageInfo[]): string {
  const other = ours.find(({ image, state }) => image === bad.image && state === 'good');
  return other ? `the newest good one is ${other.id}; image: ${bad.image} means it` : `make another: bake ${bad.image}`;
}

function noImage(word: string, ours: readonly ImageInfo[]): string {
  const [likely] = near(
    word,
    ours.flatMap(({ id, name, image }) => [image, name, id]),
  );
  return likely === undefined ? '`playbake image list` lists those that bakes have made' : `did you mean ${likely}?`;
}
