/** Captures the disk of the stopped build machine. */

import { codeOf } from '../../cloud/cloud-error.ts';
import { tagged } from '../../cloud/tags.ts';
import { waitFor } from '../../cloud/wait-for.ts';
import { waitForImage } from '../../cloud/wait-for-image.ts';
import { Fault } from '../../fault.ts';
import { make } from '../make.ts';
import type { Step } from '../step.ts';
import { RUN_TAG } from '../tags.ts';
import type { Work } from '../work.ts';
import type { BaseImage } from './base.ts';

interface Needs {
  readonly instanceId: string;
  readonly imageName: string;
  readonly base: BaseImage;
}

export const createImage: Step<Needs, { readonly imageId: string }> = {
  id: 'image',
  title: 'Create the image',
  keeps: true,
  async run(state, work) {
    const { cloud, request, signal, progress, note } = work;
    const resource = { kind: 'image', region: cloud.region, name: state.imageName } as const;
    const imageId = await make(resource, work, async () => {
      return (await ownImage(state.imageName, work)) ?? (await create(state, work));
    });
    note(imageId);
    await waitForImage(cloud.ec2(), imageId, { timeout: request.image.timeouts.image, signal, progress, key: 'image' });
    return { imageId };
  },
};

/** The image that this run made before it was killed. */
async function ownImage(name: string, { cloud, run, things }: Work): Promise<string | undefined> {
  const known = things('image').find((one) => one.name === name && one.region === cloud.region);
  if (known) return known.id;
  const { Images: [image] = [] } = await cloud.ec2().describeImages({
    Owners: ['self'],
    Filters: [
      { Name: 'name', Values: [name] },
      { Name: `tag:${RUN_TAG}`, Values: [run] },
    ],
  });
  return image?.ImageId;
}

function create({ instanceId, imageName, base }: Needs, work: Work): Promise<string> {
  const { cloud, request, run, tags, signal, progress } = work;
  const { image } = request;
  const input = {
    InstanceId: instanceId,
    Name: imageName,
    Description: `${image.name}, baked on ${base.id} by run ${run}`,
    NoReboot: true,
    TagSpecifications: tagged(['image', 'snapshot'], { Name: imageName, ...Object.fromEntries(image.tags), ...tags }),
  };
  return waitFor(
    async () => {
      try {
        const { ImageId = '' } = await cloud.ec2().createImage(input);
        return { ready: ImageId };
      } catch (error) {
        const code = codeOf(error);
        // Stopped, and yet not quite.
        if (code === 'IncorrectInstanceState' || code === 'IncorrectState')
          return { pending: 'the machine is not at rest yet' };
        if (code !== 'InvalidAMIName.Duplicate') throw error;
        const mine = await ownImage(imageName, work);
        if (mine !== undefined) return { ready: mine };
        throw new Fault('name-taken', `an image called ${imageName} was made while this one was baked`, {
          hint: 'give another name with --name; one with {{ timestamp }} is never taken',
          cause: error,
        });
      }
    },
    { what: 'the machine to be at rest', timeout: 5 * 60_000, signal, progress },
  );
}
