/** Lookups that only rearrange what they are given. */

import { itemsOf } from '../../value/iterate.ts';
import type { Term } from '../../value/term.ts';
import { str } from '../../value/text.ts';
import { isDict, isList, Tuple, type Value } from '../../value/value.ts';
import { finish } from '../finish.ts';
import { crypto } from '../on-demand.ts';
import { subelements } from '../subelements.ts';
import { dictFrom, flagOption, type Lookup, listOf } from './lookup.ts';

/** Lists among the terms give their items, one level deep. */
function flattenOnce(terms: readonly Value[]): readonly Value[] {
  return terms.flatMap((term) => (isList(term) ? term : [term]));
}

function flattenAll(terms: readonly Value[]): readonly Value[] {
  return terms.flatMap((term) => (isList(term) ? flattenAll(term) : [term]));
}

/** Python's itertools.product of the lists. */
function product(lists: readonly (readonly Value[])[]): Value[][] {
  return lists.reduce<Value[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);
}

const itemsIn = (term: Value): readonly Value[] => (isList(term) ? term : [term]);

const nested: Lookup = (terms) =>
  terms.length === 0 ? [] : product(terms.map(itemsIn)).map((row) => flattenOnce(row));

const together: Lookup = (terms) => {
  const lists = terms.map((term) => flattenOnce(itemsIn(term)));
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, index) => lists.map((list) => list[index] ?? null));
};

const dict: Lookup = (terms) =>
  terms.flatMap((term) =>
    Array.from(dictFrom(term, 'the term of the lookup dict'), ([key, value]): Value => {
      return new Map<Value, Value>([
        ['key', key],
        ['value', value],
      ]);
    }),
  );

/** Ansible takes the list that was followed out of the item: `item.0` is without it. */
function withoutPath(pair: Term, keys: readonly string[]): Value {
  const [item = null, element = null] = itemsOf(pair).map(finish);
  return Tuple.from([without(item, keys), element]);
}

function without(item: Value, [key, ...rest]: readonly string[]): Value {
  if (!isDict(item) || key === undefined) return item;
  const copy = new Map(item);
  if (rest.length === 0) copy.delete(key);
  else copy.set(key, without(item.get(key) ?? null, rest));
  return copy;
}

const subelementsLookup: Lookup = ([items = null, path = null, flags = null], options) => {
  const skip = flagOption(isDict(flags) ? flags : options, 'skip_missing', false);
  const elements = isDict(items) ? [...items.values()] : listOf(items, 'the first term of subelements');
  // Results of skipped tasks have nothing inside.
  const ran = elements.filter((item) => !isDict(item) || (item.get('skipped') ?? false) === false);
  const keys = isList(path) ? path.map(str) : str(path).split('.');
  return subelements(ran, path, skip).map((pair) => withoutPath(pair, keys));
};

export const LIST_LOOKUPS: Readonly<Record<string, Lookup>> = {
  items: flattenOnce,
  list: (terms) => terms,
  flattened: flattenAll,
  dict,
  nested,
  cartesian: (terms) => (terms.length === 0 ? [] : product(terms.map(itemsIn))),
  together,
  indexed_items: (terms) => flattenOnce(terms).map((item, index) => Tuple.from([index, item])),
  random_choice: (terms) => (terms.length === 0 ? [] : [terms[crypto().randomInt(terms.length)] ?? null]),
  subelements: subelementsLookup,
};
