import { createHash } from 'node:crypto';
import { type Plain, toPlain, type Value } from '../../value/value.ts';

/** SHA-256 of a value as JSON; the order of a dictionary's keys counts, because loops go by it. */
export function digest(value: Value | Plain): string {
  return createHash('sha256')
    .update(JSON.stringify(toPlain(value as Value)))
    .digest('hex');
}

/** Enough of a digest to tell two values of the same thing apart. */
export function shortDigest(value: Value | Plain): string {
  return digest(value).slice(0, 20);
}
