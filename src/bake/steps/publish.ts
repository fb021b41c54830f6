/** What makes a tested image one that others use: shared, with an end date, and at last called good. */

import type { EC2 } from '@aws-sdk/client-ec2';
import { onceKnown } from '../../cloud/once-known.ts';
import { type Tags, tagList } from '../../cloud/tags.ts';
import { Fault } from '../../fault.ts';
import type { ImageCopy } from '../events.ts';
import type { Fingerprint } from '../fingerprint.ts';
import type { Step } from '../step.ts';
import { BASE_TAG, INPUTS_TAG } from '../tag-names.ts';
import { STATE_TAG } from '../tags.ts';
import type { Work } from '../work.ts';
import type { BaseImage } from './base.ts';

interface Needs {
  readonly imageId: string;
  readonly copies: readonly ImageCopy[];
}

/** Image and snapshots: an image alone can be launched by nobody else. */
export const shareImage: Step<Needs, object> = {
  id: 'share',
  title: 'Share the image',
  skip: (_, { request }) => (request.image.accounts.length === 0 ? {} : undefined),
  async run(state, work) {
    const { accounts } = work.request.image;
    const add = accounts.map((UserId) => ({ UserId }));
    for (const { imageId, region } of allOf(state, work)) {
      const ec2 = work.cloud.ec2(region);
      await onceKnown(() => ec2.modifyImageAttribute({ ImageId: imageId, LaunchPermission: { Add: add } }), work);
      for (const SnapshotId of await snapshotsOf(ec2, imageId)) {
        await onceKnown(() => ec2.modifySnapshotAttribute({ SnapshotId, CreateVolumePermission: { Add: add } }), work);
      }
    }
    work.note(`with ${accounts.join(', ')}`);
    return {};
  },
};

export const deprecateImage: Step<Needs, object> = {
  id: 'deprecate',
  title: 'Set when it is deprecated',
  skip: (_, { request }) => (request.image.deprecateAfter === undefined ? {} : undefined),
  async run(state, work) {
    const at = new Date(Date.now() + (work.request.image.deprecateAfter ?? 0));
    for (const { imageId, region } of allOf(state, work)) {
      const ec2 = work.cloud.ec2(region);
      await onceKnown(() => ec2.enableImageDeprecation({ ImageId: imageId, DeprecateAt: at }), work);
    }
    work.note(at.toISOString());
    return {};
  },
};

interface Known {
  readonly base: BaseImage;
  readonly fingerprint: Fingerprint;
}

/** The inputs are told only where they alone tell what came out. */
function lineageOf({ base, fingerprint: { digest, complete } }: Known): Tags {
  return { [BASE_TAG]: base.id, ...(complete && { [INPUTS_TAG]: digest }) };
}

/** Copies first: an image that is called good is good everywhere. */
export const callGood: Step<Needs & Known, object> = {
  id: 'good',
  title: 'Call the image good',
  async run(state, work) {
    const lineage = lineageOf(state);
    for (const { imageId, region } of allOf(state, work).toReversed()) {
      const ec2 = work.cloud.ec2(region);
      const Resources = [...(await snapshotsOf(ec2, imageId)), imageId];
      const Tags = tagList({ ...lineage, [STATE_TAG]: 'good' });
      await onceKnown(() => ec2.createTags({ Resources, Tags }), work);
    }
    return {};
  },
};

function allOf({ imageId, copies }: Needs, { cloud }: Work): readonly ImageCopy[] {
  return [{ imageId, region: cloud.region }, ...copies];
}

async function snapshotsOf(ec2: EC2, imageId: string): Promise<readonly string[]> {
  const { Images = [] } = await ec2.describeImages({ ImageIds: [imageId] });
  const [image] = Images;
  if (!image) throw new Fault('cloud-lost', `the image ${imageId} is gone`);
  return (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
}
