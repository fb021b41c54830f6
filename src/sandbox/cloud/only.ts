/** Refusal of what the sandbox lacks: a client must not think that it got what it asked for. */

import { ApiError } from './protocol/api-error.ts';

/** Throws the ApiError `UnsupportedOperation` when a member that is none of `names` is given, or is not false. */
export function only(input: object, names: readonly string[]): void {
  const given = Object.entries(input).filter(([, value]) => value !== undefined && value !== false);
  const lacking = given.map(([name]) => name).filter((name) => name !== 'DryRun' && !names.includes(name));
  if (lacking.length === 0) return;
  throw new ApiError('UnsupportedOperation', `The sandbox does not have the parameter ${lacking.join(', ')} yet.`);
}
