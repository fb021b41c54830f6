/** Resolves the base image and pins its id. */

import type { Filter, Image } from '@aws-sdk/client-ec2';
import { isNotFound } from '../../cloud/cloud-error.ts';
import type { BaseSearch } from '../../config/config.ts';
import { Fault } from '../../fault.ts';
import type { Step } from '../step.ts';
import type { Work } from '../work.ts';

/** The parts of a base image that later steps need. */
export type BaseImage = {
  readonly id: string;
  readonly name: string;
  readonly architecture: string;
  readonly rootDevice: string;
  readonly disks: readonly { readonly device: string /** GiB. */; readonly size: number }[];
};

/** How many candidates a fault lists. */
const SHOWN = 8;

export const resolveBase: Step<object, { readonly base: BaseImage }> = {
  id: 'base',
  title: 'Find the base image',
  async run(_, work) {
    const { image } = work.request;
    const wanted = image.base ?? defaultBase(work);
    const found = typeof wanted === 'string' ? await byId(wanted, work) : await search(wanted, work);
    work.note(`${found.id} (${found.name})`);
    return { base: found };
  },
};

function defaultBase({ cloud, request: { image, configFile } }: Work): string {
  if (cloud.kind === 'sandbox') return 'debian';
  const base = '{ owner: "136693071363", filters: { name: "debian-12-amd64-*" }, most_recent: true }';
  throw new Fault('config-invalid', `the image ${image.name} has no base: on aws there is none to begin with`, {
    where: image.where ?? (configFile === undefined ? undefined : { file: configFile }),
    hint: `for Debian's own write  base: ${base}`,
  });
}

async function byId(id: string, work: Work): Promise<BaseImage> {
  if (id === 'debian') return debian(work);
  const found = await work.cloud
    .ec2()
    .describeImages({ ImageIds: [id] })
    .then(
      ({ Images = [] }) => Images[0],
      (error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      },
    );
  if (!found) {
    throw new Fault('base-missing', `there is no image ${id} in ${work.cloud.region}`, {
      where: work.request.image.where,
      hint: 'an image has another id in each region, and is seen only by whom it is shared with',
    });
  }
  return usable(found, work);
}

/** The one that the sandbox brings: `sandbox` is its owner there, as `amazon` is on AWS. */
function debian(work: Work): Promise<BaseImage> {
  return search({ owners: ['sandbox'], filters: new Map([['name', ['debian-*']]]), mostRecent: true }, work);
}

async function search(wanted: BaseSearch, work: Work): Promise<BaseImage> {
  const matches = (await allMatches(wanted, work)).sort((a, b) => newestFirst(a, b));
  const [first, second] = matches;
  const { region } = work.cloud;
  const { where } = work.request.image;
  if (!first) {
    const near = await nearMatches(wanted, work);
    throw new Fault('base-missing', `no image in ${region} matches ${shown(wanted)}${list(near)}`, {
      where,
      hint:
        near.length > 0
          ? 'these match the name but not the rest of the filters'
          : 'see what there is with `aws ec2 describe-images`',
    });
  }
  if (second && !wanted.mostRecent) {
    throw new Fault('base-ambiguous', `${matches.length} images match ${shown(wanted)}${list(matches)}`, {
      where,
      hint: 'narrow the filters, name one by its id, or write  most_recent: true  for the newest',
    });
  }
  return usable(first, work);
}

/** Every page of the answer. Images that are not available are none to begin with. */
async function allMatches({ owners, filters }: BaseSearch, { cloud }: Work): Promise<Image[]> {
  const given: Filter[] = [...filters].map(([Name, values]) => ({ Name, Values: [...values] }));
  const state: Filter[] = filters.has('state') ? [] : [{ Name: 'state', Values: ['available'] }];
  const images: Image[] = [];
  let token: string | undefined;
  do {
    const { Images = [], NextToken } = await cloud.ec2().describeImages({
      Owners: [...owners],
      Filters: [...given, ...state],
      ...(token !== undefined && { NextToken: token }),
    });
    images.push(...Images);
    token = NextToken || undefined;
  } while (token !== undefined);
  return images;
}

/** What there would be with the name alone. */
async function nearMatches({ owners, filters }: BaseSearch, work: Work): Promise<readonly Image[]> {
  const name = filters.get('name');
  if (!name || filters.size === 1) return [];
  const near = await allMatches({ owners, filters: new Map([['name', name]]), mostRecent: true }, work);
  return near.sort((a, b) => newestFirst(a, b));
}

function newestFirst(a: Image, b: Image): number {
  return (b.CreationDate ?? '').localeCompare(a.CreationDate ?? '') || (b.ImageId ?? '').localeCompare(a.ImageId ?? '');
}

function usable(image: Image, { request }: Work): BaseImage {
  const { ImageId: id = '', Name: name = '', State: state, RootDeviceType: kind, RootDeviceName: root = '' } = image;
  const unusable = (why: string, hint: string) =>
    new Fault('base-missing', `the base image ${id} (${name}) ${why}`, { where: request.image.where, hint });
  if (state !== undefined && state !== 'available') throw unusable(`is ${state}`, 'wait for it, or choose another');
  if (kind === 'instance-store') throw unusable('has no disk that can be captured', 'choose one of type ebs');
  return {
    id,
    name,
    architecture: image.Architecture ?? 'x86_64',
    rootDevice: root,
    disks: (image.BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) => {
      return DeviceName && Ebs ? [{ device: DeviceName, size: Ebs.VolumeSize ?? 8 }] : [];
    }),
  };
}

function shown({ owners, filters }: BaseSearch): string {
  const parts = [...filters].map(([name, values]) => `${name}: ${values.join(' or ')}`);
  return `${parts.join(', ')} of ${owners.join(', ')}`;
}

function list(images: readonly Image[]): string {
  if (images.length === 0) return '';
  const lines = images
    .slice(0, SHOWN)
    .map(({ ImageId, Name, CreationDate }) => `  ${ImageId}  ${CreationDate}  ${Name}`);
  const more = images.length > SHOWN ? [`  and ${images.length - SHOWN} more`] : [];
  return `:\n${[...lines, ...more].join('\n')}`;
}
