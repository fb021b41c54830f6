/** One entry of `images`, whose shape is checked, with the defaults of what it leaves out. */

import { dirname, resolve } from 'node:path';
import { whereOf } from '../value/source.ts';
import { type Dict, isDict, type Value } from '../value/value.ts';
import type { Base, BaseSearch, ImageConfig, Timeouts } from './config.ts';
import { duration } from './duration.ts';
import { booleanOf, dictOf, textOf, textsOf } from './entry-values.ts';

const TIMEOUTS = { boot: '10m', stop: '10m', image: '60m', copy: '120m', total: '6h' } as const;

/** @param file of the configuration: paths are relative to it. */
export function imageConfig(name: string, entry: Dict, file: string): ImageConfig {
  const directory = dirname(file);
  const text = (key: string) => textOf(entry.get(key));
  const part = (key: string) => dictOf(entry.get(key));
  const deprecateAfter = text('deprecate_after');
  return {
    name,
    where: whereOf(entry),
    playbook: resolve(directory, text('playbook') ?? ''),
    inventory: textsOf(entry.get('inventory')).map((one) => (one.includes(',') ? one : resolve(directory, one))),
    base: baseOf(entry.get('base')),
    instanceType: text('instance_type'),
    subnet: text('subnet'),
    securityGroup: text('security_group'),
    iamProfile: text('iam_profile'),
    sshUser: text('ssh_user'),
    sshAddress: addressOf(text('ssh_address')),
    regions: [...new Set(textsOf(entry.get('regions')))],
    accounts: [...new Set(textsOf(entry.get('accounts')))],
    encrypted: booleanOf(entry.get('encrypted')),
    kmsKey: text('kms_key'),
    nameTemplate: text('name') ?? '{{ image }}-{{ timestamp }}',
    tags: new Map([...part('tags')].map(([key, value]) => [String(key), String(value)])),
    deprecateAfter: deprecateAfter === undefined ? undefined : duration(deprecateAfter),
    volumeSize: text('volume_size') === undefined ? undefined : Number(text('volume_size')),
    vars: part('vars'),
    sanitise: { paths: textsOf(part('sanitise').get('paths')), keep: textsOf(part('sanitise').get('keep')) },
    scan: { ignore: textsOf(part('scan').get('ignore')) },
    timeouts: timeoutsOf(part('timeouts')),
  };
}

function baseOf(value: Value | undefined): Base | undefined {
  if (!isDict(value)) return textOf(value);
  const filters = [...dictOf(value.get('filters'))].map(([key, one]) => [String(key), textsOf(one)] as const);
  const search: BaseSearch = {
    owners: textsOf(value.get('owner')),
    filters: new Map(filters),
    mostRecent: value.get('most_recent') === true,
  };
  return search;
}

function timeoutsOf(given: Dict): Timeouts {
  const of = (name: keyof Timeouts) => duration(textOf(given.get(name)) ?? TIMEOUTS[name]);
  return { boot: of('boot'), stop: of('stop'), image: of('image'), copy: of('copy'), total: of('total') };
}

function addressOf(text: string | undefined): 'public' | 'private' | undefined {
  return text === 'public' || text === 'private' ? text : undefined;
}
