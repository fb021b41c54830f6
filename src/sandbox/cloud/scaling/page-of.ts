import { paginate } from '../paginate.ts';
import { within } from './invalid.ts';

export interface ScalingPage<T> {
  readonly items: T[];
  /** What the answer says of the next page. */
  readonly next: { readonly NextToken?: string };
}

/** As Auto Scaling makes pages: of 50 records, or of up to 100. Throws ApiErrors. */
export function pageOf<T>(all: readonly T[], limit: number | undefined, token: string | undefined): ScalingPage<T> {
  within('MaxRecords', limit, 1, 100);
  const { items, next } = paginate(all, limit ?? 50, token === '' ? undefined : token);
  return { items, next: next === undefined ? {} : { NextToken: next } };
}
