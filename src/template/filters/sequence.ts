/** Filters on lists: order, parts, sums. */

import { calculate, tupleOf } from '../../value/arithmetic.ts';
import { compare, equal } from '../../value/compare.ts';
import { itemsOf, lengthOf } from '../../value/iterate.ts';
import { PythonError } from '../../value/python-error.ts';
import { isTermDict, isTermList, type Term } from '../../value/term.ts';
import { str } from '../../value/text.ts';
import type { Arguments } from '../arguments.ts';
import { keyOf } from '../attribute-path.ts';
import { groupOf } from '../group.ts';
import { type Filters, filter } from '../language.ts';
import type { Runtime } from '../runtime.ts';
import { TermSet } from '../unique.ts';

/** What a sort compares: text without regard to case, unless asked for. */
const foldCase = (term: Term, caseSensitive: boolean): Term =>
  !caseSensitive && typeof term === 'string' ? term.toLowerCase() : term;

interface Keyed {
  readonly item: Term;
  readonly keys: readonly Term[];
}

function compareKeys(a: Keyed, b: Keyed): number {
  for (const [index, key] of a.keys.entries()) {
    const order = compare(key, b.keys[index]!);
    if (order !== 0) return order;
  }
  return 0;
}

function sort(value: Term, args: Arguments, runtime: Runtime): Term {
  const attribute = args.get('attribute') ?? null;
  const paths = attribute === null ? [null] : str(attribute).split(',').map(numberOrText);
  const readers = paths.map((path) => keyOf(path, runtime));
  const caseSensitive = args.flag('case_sensitive');
  const keyed = itemsOf(value).map((item): Keyed => {
    return { item, keys: readers.map((read) => foldCase(read(item), caseSensitive)) };
  });
  const sign = args.flag('reverse') ? -1 : 1;
  return keyed.sort((a, b) => sign * compareKeys(a, b)).map(({ item }) => item);
}

const numberOrText = (text: string): Term => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim());

/** The greatest item (`sign` 1) or the least (-1); the first of equal ones. */
function extreme(value: Term, args: Arguments, runtime: Runtime, sign: 1 | -1): Term {
  const items = itemsOf(value);
  const [first, ...rest] = items;
  if (first === undefined) return runtime.undefined('No aggregated item, sequence was empty.');
  const read = keyOf(args.get('attribute'), runtime);
  const key = (item: Term): Term => foldCase(read(item), args.flag('case_sensitive'));
  return rest.reduce((best, item) => (compare(key(item), key(best)) * sign > 0 ? item : best), first);
}

function groupBy(value: Term, args: Arguments, runtime: Runtime): Term {
  const read = keyOf(args.required('attribute'), runtime, args.get('default') ?? undefined);
  const caseSensitive = args.flag('case_sensitive');
  const keyed = itemsOf(value).map((item) => {
    const key = read(item);
    return { item, key, keys: [foldCase(key, caseSensitive)] };
  });
  const groups: { readonly key: Term; readonly folded: Term; readonly items: Term[] }[] = [];
  for (const { item, key, keys } of keyed.sort(compareKeys)) {
    const last = groups.at(-1);
    if (last && equal(last.folded, keys[0]!)) last.items.push(item);
    else groups.push({ key, folded: keys[0]!, items: [item] });
  }
  return groups.map(({ key, items }) => groupOf(key, items));
}

function batch(value: Term, args: Arguments): Term {
  const [size, fill] = [args.number('linecount'), args.get('fill_with') ?? null];
  if (!(size >= 1)) throw new PythonError('batch() needs a count of at least 1');
  const items = itemsOf(value);
  const rows: Term[][] = [];
  for (let i = 0; i < items.length; i += size) rows.push(items.slice(i, i + size));
  const last = rows.at(-1);
  while (fill !== null && last && last.length < size) last.push(fill);
  return rows;
}

function slice(value: Term, args: Arguments): Term {
  const [count, fill] = [args.number('slices'), args.get('fill_with') ?? null];
  const items = itemsOf(value);
  const [least, longer] = [Math.floor(items.length / count), items.length % count];
  let start = 0;
  return Array.from({ length: count }, (_, index) => {
    const column = items.slice(start, start + least + (index < longer ? 1 : 0));
    start += column.length;
    return fill !== null && index >= longer ? [...column, fill] : column;
  });
}

function flatten(items: readonly Term[], levels: number, skipNulls: boolean): Term[] {
  return items.flatMap((item) => {
    if (skipNulls && (item === null || item === 'None' || item === 'null')) return [];
    return isTermList(item) && levels > 0 ? flatten(item, levels - 1, skipNulls) : [item];
  });
}

function dictSort(value: Term, args: Arguments): Term {
  const by = args.text('by', 'key') === 'value' ? 1 : 0;
  const sign = args.flag('reverse') ? -1 : 1;
  const caseSensitive = args.flag('case_sensitive');
  const pairs = isTermDict(value) ? [...value] : itemsOf(value).map((pair) => itemsOf(pair) as [Term, Term]);
  const key = (pair: readonly [Term, Term]): Term => foldCase(pair[by], caseSensitive);
  return pairs.sort((a, b) => sign * compare(key(a), key(b))).map(tupleOf);
}

export const SEQUENCE_FILTERS: Filters = {
  length: filter('', lengthOf),
  count: filter('', lengthOf),
  first: filter('', (value, _args, runtime) => {
    const [first] = itemsOf(value);
    return first === undefined ? runtime.undefined('No first item, sequence was empty.') : first;
  }),
  last: filter('', (value, _args, runtime) => {
    const last = itemsOf(value).at(-1);
    return last === undefined ? runtime.undefined('No last item, sequence was empty.') : last;
  }),
  list: filter('', (value) => [...itemsOf(value)]),
  reverse: filter('', (value) => {
    const items = [...itemsOf(value)].reverse();
    return typeof value === 'string' ? items.join('') : items;
  }),
  sort: filter('reverse case_sensitive attribute', sort),
  dictsort: filter('case_sensitive by reverse', dictSort),
  max: filter('case_sensitive attribute', (value, args, runtime) => extreme(value, args, runtime, 1)),
  min: filter('case_sensitive attribute', (value, args, runtime) => extreme(value, args, runtime, -1)),
  sum: filter('attribute start', (value, args, runtime) => {
    const read = keyOf(args.get('attribute'), runtime);
    return itemsOf(value).reduce((sum: Term, item) => calculate('+', sum, read(item)), args.get('start') ?? 0);
  }),
  unique: filter('case_sensitive attribute', (value, args, runtime) => {
    const read = keyOf(args.get('attribute'), runtime);
    const keyed = itemsOf(value).map((item) => ({ item, key: read(item) }));
    // Lists and dictionaries have no hash in Python: with one of them Ansible compares all as they are.
    const hashable = keyed.every(({ key }) => !isTermList(key) && !isTermDict(key));
    const caseSensitive = args.flag('case_sensitive') || !hashable;
    const seen = new TermSet();
    return keyed.filter(({ key }) => seen.add(foldCase(key, caseSensitive))).map(({ item }) => item);
  }),
  groupby: filter('attribute default case_sensitive', groupBy),
  batch: filter('linecount fill_with', batch),
  slice: filter('slices fill_with', slice),
  flatten: filter('levels skip_nulls', (value, args) => {
    return flatten(itemsOf(value), args.number('levels', Number.POSITIVE_INFINITY), args.flag('skip_nulls', true));
  }),
};
