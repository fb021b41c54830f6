/** Filters that take lists for sets, and that pair and combine lists. */

import { tupleOf } from '../../value/arithmetic.ts';
import { itemsOf } from '../../value/iterate.ts';
import type { Term } from '../../value/term.ts';
import { type Filters, filter } from '../language.ts';
import { TermSet, unique } from '../unique.ts';

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

function product(lists: readonly (readonly Term[])[]): Term[] {
  const rows = lists.reduce<Term[][]>((all, list) => all.flatMap((row) => list.map((item) => [...row, item])), [[]]);
  return rows.map(tupleOf);
}

function permutations(items: readonly Term[], length: number): Term[][] {
  if (length === 0) return [[]];
  return items.flatMap((item, index) => {
    const others = [...items.slice(0, index), ...items.slice(index + 1)];
    return permutations(others, length - 1).map((rest) => [item, ...rest]);
  });
}

function combinations(items: readonly Term[], length: number): Term[][] {
  if (length === 0) return [[]];
  return items.flatMap((item, index) =>
    combinations(items.slice(index + 1), length - 1).map((rest) => [item, ...rest]),
  );
}

/** Items of the first list that are (not) in the second. */
function within(items: readonly Term[], others: readonly Term[], wanted: boolean): Term[] {
  const set = new TermSet(others);
  return unique(items.filter((item) => set.has(item) === wanted));
}

export const SET_FILTERS: Filters = {
  union: filter('b', (value, args) => unique([...itemsOf(value), ...args.list('b')])),
  intersect: filter('b', (value, args) => within(itemsOf(value), args.list('b'), true)),
  difference: filter('b', (value, args) => within(itemsOf(value), args.list('b'), false)),
  symmetric_difference: filter('b', (value, args) => {
    const [left, right] = [itemsOf(value), args.list('b')];
    return [...within(left, right, false), ...within(right, left, false)];
  }),
  zip: filter('*', (value, args) => {
    const lists = [value, ...args.rest].map(itemsOf);
    const length = Math.min(...lists.map((list) => list.length));
    return range(length).map((index) => tupleOf(lists.map((list) => list[index]!)));
  }),
  zip_longest: filter('* **', (value, args) => {
    const lists = [value, ...args.rest].map(itemsOf);
    const fill = args.others.get('fillvalue') ?? null;
    const length = Math.max(...lists.map((list) => list.length));
    return range(length).map((index) => tupleOf(lists.map((list) => list[index] ?? fill)));
  }),
  product: filter('* **', (value, args) => {
    const lists = [value, ...args.rest].map(itemsOf);
    const repeat = Number(args.others.get('repeat') ?? 1);
    return product(range(repeat).flatMap(() => lists));
  }),
  permutations: filter('r', (value, args) => {
    const items = itemsOf(value);
    return permutations(items, args.number('r', items.length)).map(tupleOf);
  }),
  combinations: filter('r', (value, args) => combinations(itemsOf(value), args.number('r')).map(tupleOf)),
};
