/** The manifest: written into the clean machine, and kept on record when the image has its id. */

import { describeOn, rootOf } from '../compare.ts';
import type { ImageCopy } from '../events.ts';
import { Places } from '../fingerprint/places.ts';
import { type Fingerprint, fingerprintOf, type Inputs } from '../fingerprint.ts';
import type { Address } from '../machine.ts';
import { Collector } from '../manifest/collector.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { writeManifest } from '../manifest/write.ts';
import { manifestOf } from '../manifest.ts';
import { Records } from '../record/records.ts';
import type { Step } from '../step.ts';
import type { BaseImage } from './base.ts';

interface Needs {
  readonly machine: Address;
  readonly imageName: string;
  readonly base: BaseImage;
  readonly inputs: Inputs;
}

/** What the image holds, and what it was made of. */
export interface Told {
  readonly manifest: Manifest;
  readonly fingerprint: Fingerprint;
}

export const tellManifest: Step<Needs, Told> = {
  id: 'manifest',
  title: 'Write the manifest',
  // What the play did is known to this process only.
  againUntil: 'stop',
  async run({ machine, imageName, base, inputs }, work) {
    const { run, request, witness, secrets, note } = work;
    const { image } = request;
    const project = rootOf(request);
    const description = await describeOn(work);
    const collector = new Collector(image.name, new Places(project), description.tasks);
    for (const event of witness.events) collector.add(event);
    const { apply } = work.machine(machine);
    const manifest = await manifestOf(apply, {
      ...{ image: image.name, name: imageName, run, fingerprint: inputs.digest, playbook: image.playbook, project },
      base: { id: base.id, name: base.name },
      ...{ description, collector, secrets, now: new Date() },
    });
    await writeManifest(apply, manifest);
    const { packages, files } = manifest;
    note(`${packages.list.length} packages, ${files.length} files of tasks`);
    return { manifest, fingerprint: fingerprintOf(inputs, witness.reads, { host: image.name, project }) };
  },
};

interface Made extends Told {
  readonly imageId: string;
  readonly copies: readonly ImageCopy[];
}

export const keepRecord: Step<Made, object> = {
  id: 'record',
  title: 'Keep it on record',
  async run({ imageId, copies, manifest, fingerprint }, { cloud, request, note }) {
    const records = new Records(request.project);
    const all = [{ imageId, region: cloud.region }, ...copies];
    for (const one of all.toReversed()) note(records.write({ version: 1, ...one, manifest, fingerprint }));
    return {};
  },
};
