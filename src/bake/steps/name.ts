/** The image's name. CreateImage has no ClientToken: a name that is free is the guard against baking twice. */

import { Fault } from '../../fault.ts';
import { imageName } from '../image-name.ts';
import type { Step } from '../step.ts';
import { RUN_TAG } from '../tags.ts';

export const chooseName: Step<object, { readonly imageName: string }> = {
  id: 'name',
  title: 'Choose the name',
  async run(_, work) {
    const { run, request, cloud, note } = work;
    const name = imageName(request, run, new Date());
    for (const region of [cloud.region, ...request.image.regions]) {
      const { Images: [taken] = [] } = await cloud.ec2(region).describeImages({
        Owners: ['self'],
        Filters: [{ Name: 'name', Values: [name] }],
      });
      if (!taken || taken.Tags?.some(({ Key, Value }) => Key === RUN_TAG && Value === run)) continue;
      throw new Fault('name-taken', `the image ${taken.ImageId} in ${region} is called ${name} already`, {
        where: request.name === undefined ? request.image.where : undefined,
        hint: 'a name with {{ timestamp }} is never taken; or give another with --name, or remove that image',
      });
    }
    note(name);
    return { imageName: name };
  },
};
