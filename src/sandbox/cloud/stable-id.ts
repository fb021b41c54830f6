/** Ids that follow from what they are for: the same wherever and whenever they are asked for. */

import { createHash } from 'node:crypto';

/** `prefix` is that of the kind, such as `vpc`. */
export function stableId(prefix: string, ...parts: readonly string[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([prefix, ...parts]))
    .digest('hex');
  return `${prefix}-${digest.slice(0, 17)}`;
}
