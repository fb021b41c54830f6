import { type Page, paginate } from '../paginate.ts';
import { between } from './validation-error.ts';

export interface PageWish {
  readonly Marker?: string | undefined;
  readonly PageSize?: number | undefined;
}

/** One page of a listing of Elastic Load Balancing; without a size it has at most 400 items. */
export function page<T>(all: readonly T[], { Marker, PageSize = 400 }: PageWish): Page<T> {
  return paginate(all, between(PageSize, 'Page size', [1, 400]), Marker);
}
