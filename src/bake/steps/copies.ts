/** Copies of the image in other regions. */

import { onceKnown } from '../../cloud/once-known.ts';
import { tagged } from '../../cloud/tags.ts';
import { waitForImage } from '../../cloud/wait-for-image.ts';
import type { ImageCopy } from '../events.ts';
import { clientToken } from '../launch.ts';
import { make } from '../make.ts';
import type { Step } from '../step.ts';
import type { Work } from '../work.ts';

interface Needs {
  readonly imageId: string;
  readonly imageName: string;
}

export const copyImage: Step<Needs, { readonly copies: readonly ImageCopy[] }> = {
  id: 'copies',
  title: 'Copy the image to other regions',
  keeps: true,
  skip: (_, work) => (regionsOf(work).length === 0 ? { copies: [] } : undefined),
  async run(state, work) {
    const { cloud, request, signal, progress } = work;
    const copies = await Promise.all(regionsOf(work).map((region) => copyTo(region, state, work)));
    const wait = { timeout: request.image.timeouts.copy, signal, progress, key: 'copy' } as const;
    await Promise.all(copies.map(({ region, imageId }) => waitForImage(cloud.ec2(region), imageId, wait)));
    work.note(copies.map(({ region, imageId }) => `${imageId} in ${region}`).join(', '));
    return { copies };
  },
};

function regionsOf({ cloud, request }: Work): readonly string[] {
  return request.image.regions.filter((region) => region !== cloud.region);
}

/** The ClientToken follows from the run: calling twice copies once. */
async function copyTo(region: string, { imageId, imageName }: Needs, work: Work): Promise<ImageCopy> {
  const { cloud, request, run, tags, things } = work;
  const { encrypted, kmsKey, tags: own } = request.image;
  const known = things('image').find((one) => one.region === region);
  if (known) return { region, imageId: known.id };
  const resource = { kind: 'image', region, name: imageName } as const;
  // A key's ARN or id is of one region; an alias may be in each.
  const key = kmsKey?.startsWith('alias/') ? kmsKey : undefined;
  const isEncrypted = encrypted ?? (kmsKey === undefined ? undefined : true);
  const input = {
    SourceImageId: imageId,
    SourceRegion: cloud.region,
    Name: imageName,
    ClientToken: clientToken(run, region),
    TagSpecifications: tagged(['image', 'snapshot'], { Name: imageName, ...Object.fromEntries(own), ...tags }),
    ...(isEncrypted !== undefined && { Encrypted: isEncrypted }),
    ...(key !== undefined && { KmsKeyId: key }),
  };
  const copy = await make(resource, work, async () => {
    const { ImageId = '' } = await onceKnown(() => cloud.ec2(region).copyImage(input), work);
    return ImageId;
  });
  return { region, imageId: copy };
}
