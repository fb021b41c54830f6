/** Ansible's booleans: what keywords and arguments accept. */

import type { Value } from '../value/value.ts';

const TRUE = new Set(['y', 'yes', 'on', '1', 'true', 't', '1.0']);

export function asBoolean(value: Value | undefined): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) === 1;
  return typeof value === 'string' && TRUE.has(value.toLowerCase().trim());
}
