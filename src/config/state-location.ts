/** `state` of playbake.yml: where rollouts keep what they remember. */

import { dirname, join, resolve } from 'node:path';
import { isDict, type Value } from '../value/value.ts';

export type StateLocation = FileLocation | S3Location;

export interface FileLocation {
  readonly kind: 'file';
  /** Absolute. */
  readonly path: string;
}

export interface S3Location {
  readonly kind: 's3';
  readonly bucket: string;
  readonly key: string;
  /** Undefined: the configuration's own. */
  readonly region: string | undefined;
  /** Undefined: AWS's, or the configuration's own where the cloud is aws. */
  readonly endpoint: string | undefined;
  /** Undefined: the bucket's own encryption. */
  readonly kmsKey: string | undefined;
}

export const STATE_FILE = 'playbake.state.json';

/** @param value checked by schemas/config.json; undefined: a file beside the configuration. @param file the configuration. */
export function stateLocation(value: Value | undefined, file: string): StateLocation {
  if (isDict(value)) {
    const text = (key: string) => (value.has(key) ? String(value.get(key)) : undefined);
    return {
      kind: 's3',
      bucket: text('bucket') ?? '',
      key: text('key') ?? STATE_FILE,
      region: text('region'),
      endpoint: text('endpoint'),
      kmsKey: text('kms_key'),
    };
  }
  if (value === undefined || value === null) return { kind: 'file', path: join(dirname(file), STATE_FILE) };
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(String(value)) ?? [];
  if (bucket !== undefined && key !== undefined) {
    return { kind: 's3', bucket, key, region: undefined, endpoint: undefined, kmsKey: undefined };
  }
  return { kind: 'file', path: resolve(dirname(file), String(value)) };
}
