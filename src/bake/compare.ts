/** What would go into a bake, beside the images that there are. */

import { dirname, relative } from 'node:path';
import type { ImageConfig } from '../config/config.ts';
import type { Description } from '../play/description.ts';
import type { Plain } from '../value/value.ts';
import { lookAgain } from './fingerprint/look-again.ts';
import { Places } from './fingerprint/places.ts';
import { type Inputs, inputsOf } from './fingerprint.ts';
import { Images } from './images.ts';
import { prepareOn } from './play-on.ts';
import { Records } from './record/records.ts';
import type { BakeRequest } from './request.ts';
import { type Verdict, verdict } from './verdict.ts';
import type { Work } from './work.ts';

export interface Compared {
  readonly inputs: Inputs;
  readonly verdict: Verdict;
}

/** Nothing is launched. Throws Faults for what is wrong with the playbook, and those of the cloud. */
export async function compare(base: string, work: Work): Promise<Compared> {
  const { request, cloud } = work;
  const { image } = request;
  const project = rootOf(request);
  const [description, images] = await Promise.all([
    describeOn(work),
    new Images(cloud.ec2(), cloud.region).list(image.name),
  ]);
  const host = image.name;
  const inputs = inputsOf({ base, description, host, project, settings: settingsOf(image) });
  const records = new Records(request.project);
  const good = images.filter(({ state }) => state === 'good');
  return {
    inputs,
    verdict: verdict({
      now: inputs,
      images: good.map(({ id, name, inputs: tag }) => ({ imageId: id, name, inputs: tag })),
      recordOf: (imageId) => records.read(imageId)?.fingerprint,
      look: lookAgain(description, host, new Places(project)),
    }),
  };
}

/** The directory that is taken to be cloned: the project's, or the playbook's where it lies elsewhere. */
export function rootOf({ image, project }: BakeRequest): string {
  return relative(project, image.playbook).startsWith('..') ? dirname(image.playbook) : project;
}

/** The tasks of the bake's play. */
export async function describeOn(work: Work): Promise<Description> {
  const { tags, skipTags, image } = work.request;
  const prepared = await prepareOn({ machine: undefined, mode: 'bake', check: true, tags, skipTags }, work, () => {});
  return prepared.describe(image.name);
}

/** What else than the playbook makes a difference to what the disk holds, and how it is kept. */
function settingsOf({ sanitise, volumeSize, encrypted, kmsKey }: ImageConfig): Readonly<Record<string, Plain>> {
  return {
    sanitise: { paths: [...sanitise.paths], keep: [...sanitise.keep] },
    volume_size: volumeSize ?? null,
    encrypted: encrypted ?? null,
    kms_key: kmsKey ?? null,
  };
}
