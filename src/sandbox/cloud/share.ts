/** Who else may use an image or a snapshot: accounts, or `all`. */

import { ApiError, invalidValue } from './protocol/api-error.ts';

export interface PermissionChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** The older way to say it: `add` or `remove`, and whom. */
  readonly operation?: string | undefined;
  readonly names: readonly string[];
}

/** The permissions after a change, or undefined when it changes none. Throws the ApiErrors `InvalidAMIAttributeItemValue` and `InvalidParameterValue`. */
export function changedPermissions(
  before: readonly string[],
  { add, remove, operation, names }: PermissionChange,
): readonly string[] | undefined {
  if (operation !== undefined && operation !== 'add' && operation !== 'remove') {
    throw invalidValue(operation, 'operationType');
  }
  const added = [...add, ...(operation === 'add' ? names : [])];
  const removed = [...remove, ...(operation === 'remove' ? names : [])];
  if (added.length === 0 && removed.length === 0) return undefined;
  const wrong = [...added, ...removed].find((name) => name !== 'all' && !/^\d{12}$/.test(name));
  if (wrong !== undefined) {
    throw new ApiError('InvalidAMIAttributeItemValue', `Invalid attribute item value "${wrong}" for userId item type.`);
  }
  return [...new Set([...before, ...added])].filter((name) => !removed.includes(name));
}
