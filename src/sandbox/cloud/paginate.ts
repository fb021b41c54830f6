/** Pages of a listing. */

import { ApiError } from './protocol/api-error.ts';

export interface Page<T> {
  readonly items: T[];
  /** Asks for the page after this one; absent on the last. */
  readonly next: string | undefined;
}

/**
 * `limit` is MaxResults, everything where it is absent; `token` is the NextToken of the page before. A token holds how
 * many items came before. Throws the ApiError `InvalidParameterValue` or `InvalidNextToken`.
 */
export function paginate<T>(all: readonly T[], limit: number | undefined, token: string | undefined): Page<T> {
  if (limit !== undefined && (limit < 1 || limit > 1000)) {
    throw new ApiError(
      'InvalidParameterValue',
      `Value ( ${limit} ) for parameter maxResults is invalid. Expecting a value between 1 and 1000.`,
    );
  }
  const start = token === undefined ? 0 : offsetOf(token);
  const end = start + (limit ?? all.length);
  return { items: all.slice(start, end), next: end < all.length ? tokenOf(end) : undefined };
}

function tokenOf(offset: number): string {
  return Buffer.from(`after ${offset}`).toString('base64url');
}

function offsetOf(token: string): number {
  const offset = /^after (\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (offset === undefined) throw new ApiError('InvalidNextToken', `The NextToken ${token} is not valid`);
  return Number(offset);
}
