/** EC2's filters: names with values, of which one must match; `*` and `?` stand for any characters and for one. */

import type { Filter } from '@aws-sdk/client-ec2';
import { ApiError, invalidValue } from './protocol/api-error.ts';
import type { Tags } from './state.ts';

/** What a record has for a filter: texts, one of which must match. */
export type Facet<T> = (record: T) => readonly (string | number | boolean | undefined)[];

export type Facets<T> = Readonly<Record<string, Facet<T>>>;

/** The records that all filters match. `facets` are the filters that the action has. Throws the ApiError `InvalidParameterValue`. */
export function filtered<T>(records: readonly T[], filters: readonly Filter[] = [], facets: Facets<T>): readonly T[] {
  const tests = filters.map((filter) => test(filter, facets));
  return records.filter((record) => tests.every((matches) => matches(record)));
}

/** The filters `tag:KEY`, `tag-key` and `tag-value`-free tags, as every resource has them. */
export function tagFacets<T>(tagsOf: (record: T) => Tags): Facets<T> {
  return {
    'tag-key': (record) => Object.keys(tagsOf(record)),
    'tag-value': (record) => Object.values(tagsOf(record)),
    'tag:': (record) => Object.entries(tagsOf(record)).map(([key, value]) => `${key}=${value}`),
  };
}

function test<T>({ Name, Values }: Filter, facets: Facets<T>): (record: T) => boolean {
  if (Name === undefined || Name === '') throw new ApiError('InvalidParameter', 'A filter must have a name');
  if (Values === undefined || Values.length === 0) {
    throw new ApiError('InvalidParameterValue', `The filter '${Name}' has no values`);
  }
  // The key of a tag is taken as it is; the value may have wildcards.
  const key = /^tag:(.*)$/s.exec(Name)?.[1];
  const facet = facets[key === undefined ? Name : 'tag:'];
  if (facet === undefined) throw invalidValue(Name, 'Filter', `The filter '${Name}' is invalid`);
  const prefix = key === undefined ? '' : `${key}=`;
  const patterns = Values.map((value) => wildcard(value));
  return (record) =>
    facet(record).some((found) => {
      const text = found === undefined ? undefined : String(found);
      if (text === undefined || !text.startsWith(prefix)) return false;
      return patterns.some((pattern) => pattern.test(text.slice(prefix.length)));
    });
}

/** A backslash takes the meaning from the next character. */
function wildcard(value: string): RegExp {
  const source = value.replace(/\\(.)|([*?])|([.+^${}()|[\]\\])/gs, (_, literal, sign, special) => {
    if (literal !== undefined) return literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    if (sign !== undefined) return sign === '*' ? '.*' : '.';
    return `\\${special}`;
  });
  return new RegExp(`^${source}$`, 's');
}
