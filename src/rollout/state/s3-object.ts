/** One object in S3, replaced only where it is what one takes it for. */

import type { S3 } from '@aws-sdk/client-s3';
import { codeOf } from '../../cloud/cloud-error.ts';

export interface Kept {
  readonly text: string;
  readonly etag: string;
}

/** How often a write is tried that meets another one: each time, only one of them gets through. */
const TRIES = 5;

export interface S3ObjectOptions {
  readonly s3: S3;
  readonly bucket: string;
  readonly key: string;
  /** Undefined: the bucket's own encryption. */
  readonly kmsKey: string | undefined;
}

export class S3Object {
  readonly where: string;
  readonly #options: S3ObjectOptions;

  constructor(options: S3ObjectOptions) {
    this.#options = options;
    this.where = `s3://${options.bucket}/${options.key}`;
  }

  /** Undefined: there is none. */
  async get(): Promise<Kept | undefined> {
    const { s3, bucket, key } = this.#options;
    try {
      const { Body, ETag = '' } = await s3.getObject({ Bucket: bucket, Key: key });
      return { text: (await Body?.transformToString()) ?? '', etag: ETag };
    } catch (error) {
      if (codeOf(error) === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  /**
   * Writes it where it is still `before`, or where there is none and `before` is undefined. Gives its ETag; undefined
   * where it is something else by now.
   */
  async replace(before: Pick<Kept, 'etag'> | undefined, text: string): Promise<string | undefined> {
    const condition = before ? { IfMatch: before.etag } : { IfNoneMatch: '*' };
    for (let tries = 1; ; tries++) {
      try {
        return await this.#put(text, condition);
      } catch (error) {
        // Two writes at once: neither may have happened.
        if (codeOf(error) === 'ConditionalRequestConflict' && tries < TRIES) continue;
        if (!isOther(error)) throw error;
        // The answer of an earlier try of the SDK's may have been lost: then it is ours.
        const now = await this.get();
        return now?.text === text ? now.etag : undefined;
      }
    }
  }

  /** Writes it whatever is there. */
  async put(text: string): Promise<void> {
    await this.#put(text, {});
  }

  async remove(): Promise<void> {
    const { s3, bucket, key } = this.#options;
    await s3.deleteObject({ Bucket: bucket, Key: key });
  }

  async #put(text: string, condition: { readonly IfMatch?: string; readonly IfNoneMatch?: string }): Promise<string> {
    const { s3, bucket, key, kmsKey } = this.#options;
    const { ETag = '' } = await s3.putObject({
      ...{ Bucket: bucket, Key: key, Body: text, ContentType: 'application/json', ...condition },
      ...(kmsKey !== undefined && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey }),
    });
    return ETag;
  }
}

/** The object is not what the condition says: another one (412), or, for If-Match, none (404). */
function isOther(error: unknown): boolean {
  return ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'].includes(codeOf(error));
}
