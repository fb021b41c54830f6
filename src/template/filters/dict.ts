/** Filters on dictionaries. */

import { tupleOf } from '../../value/arithmetic.ts';
import { compare } from '../../value/compare.ts';
import { dictGet, dictHas, dictOf, dictSet } from '../../value/dict.ts';
import { itemsOf } from '../../value/iterate.ts';
import { PythonError } from '../../value/python-error.ts';
import { demand, isTermDict, isTermList, type Term, type TermDict } from '../../value/term.ts';
import { repr, str, typeName } from '../../value/text.ts';
import { truthy } from '../../value/truth.ts';
import type { Arguments } from '../arguments.ts';
import { type Filters, filter, lenientFilter } from '../language.ts';
import { entriesOf } from '../methods/dict.ts';
import { subelements } from '../subelements.ts';
import { Undefined } from '../undefined.ts';
import { TermSet } from '../unique.ts';

type ListMerge = 'replace' | 'keep' | 'append' | 'prepend' | 'append_rp' | 'prepend_rp';

interface Merge {
  readonly recursive: boolean;
  readonly lists: ListMerge;
}

const LIST_MERGES: readonly ListMerge[] = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'];

function mergeSettings(named: ReadonlyMap<string, Term>): Merge {
  const lists = LIST_MERGES.find((known) => known === (named.get('list_merge') ?? 'replace'));
  if (!lists) throw new PythonError(`list_merge must be one of ${LIST_MERGES.join(', ')}`);
  for (const key of named.keys()) {
    if (key !== 'recursive' && key !== 'list_merge') {
      throw new PythonError("'recursive' and 'list_merge' are the only valid keyword arguments");
    }
  }
  return { recursive: truthy(named.get('recursive') ?? false), lists };
}

/** The first dictionary with the second one over it. */
export function merge(under: TermDict, over: TermDict, settings: Merge): TermDict {
  const merged = new Map(under);
  for (const [key, item] of over) {
    const before = dictGet(under, key);
    dictSet(merged, key, before === undefined ? item : mergeItem(before, item, settings));
  }
  return merged;
}

function mergeItem(under: Term, over: Term, settings: Merge): Term {
  if (settings.recursive && isTermDict(under) && isTermDict(over)) return merge(under, over, settings);
  if (!isTermList(under) || !isTermList(over)) return over;
  switch (settings.lists) {
    case 'replace':
      return over;
    case 'keep':
      return under;
    case 'append':
      return [...under, ...over];
    case 'prepend':
      return [...over, ...under];
    case 'append_rp':
      return [...without(under, over), ...over];
    case 'prepend_rp':
      return [...over, ...without(under, over)];
  }
}

function without(items: readonly Term[], others: readonly Term[]): Term[] {
  const set = new TermSet(others);
  return items.filter((item) => !set.has(item));
}

function flattened(terms: readonly Term[]): readonly Term[] {
  return terms.flatMap((term) => (isTermList(term) ? flattened(term) : [term]));
}

function combine(value: Term, args: Arguments): Term {
  const settings = mergeSettings(args.others);
  const dicts = flattened([value, ...args.rest]).map((term) => {
    if (isTermDict(term)) return term;
    demand(term);
    throw new PythonError(`failed to combine variables, expected dicts but got a '${typeName(term)}'`);
  });
  const [first = new Map<Term, Term>(), ...rest] = dicts;
  return rest.reduce((merged, dict) => merge(merged, dict, settings), first);
}

function dictToItems(value: Term, args: Arguments): Term {
  if (!isTermDict(value)) throw new PythonError(`dict2items requires a dictionary, got ${typeName(value)} instead.`);
  const [keyName, valueName] = [args.text('key_name', 'key'), args.text('value_name', 'value')];
  return Array.from(value, ([key, item]) => {
    return new Map<Term, Term>([
      [keyName, key],
      [valueName, item],
    ]);
  });
}

function itemsToDict(value: Term, args: Arguments): Term {
  if (!isTermList(value)) throw new PythonError(`items2dict requires a list, got ${typeName(value)} instead.`);
  const [keyName, valueName] = [args.text('key_name', 'key'), args.text('value_name', 'value')];
  return dictOf(
    value.map((item): readonly [Term, Term] => {
      if (!isTermDict(item) || !dictHas(item, keyName) || !dictHas(item, valueName)) {
        throw new PythonError(
          'items2dict requires each dictionary in the list to contain the keys ' +
            `'${keyName}' and '${valueName}', got ${repr(item)} instead.`,
        );
      }
      return [dictGet(item, keyName)!, dictGet(item, valueName)!];
    }),
  );
}

function rekey(value: Term, args: Arguments): Term {
  const name = args.required('key');
  const overwrite = args.text('duplicates', 'error') === 'overwrite';
  const rekeyed = new Map<Term, Term>();
  for (const item of isTermDict(value) ? value.values() : itemsOf(value)) {
    const key = isTermDict(item) ? dictGet(item, name) : undefined;
    if (key === undefined) throw new PythonError(`Key ${str(name)} was not found`);
    if (!overwrite && dictHas(rekeyed, key)) {
      throw new PythonError(`Key ${str(key)} is not unique, cannot correctly turn into dict`);
    }
    dictSet(rekeyed, key, item);
  }
  return rekeyed;
}

/** community.general: lists of dictionaries merged by the value of a key. */
function mergeListsBy(value: Term, args: Arguments): Term {
  const named = new Map(args.others);
  const lists = [value, ...args.rest];
  const key = named.get('index') ?? lists.pop() ?? null;
  named.delete('index');
  const settings = mergeSettings(named);
  const merged = new Map<Term, TermDict>();
  for (const item of lists.flatMap(itemsOf)) {
    const by = isTermDict(item) ? dictGet(item, key) : undefined;
    if (!isTermDict(item) || by === undefined)
      throw new PythonError(`each item must be a dictionary with ${repr(key)}`);
    const before = merged.get(by);
    merged.set(by, before ? merge(before, item, settings) : item);
  }
  return [...merged].sort(([a], [b]) => compare(a, b)).map(([, item]) => item);
}

const fromPairs = filter('', (value) => dictOf(entriesOf(value)));

export const DICT_FILTERS: Filters = {
  items: lenientFilter('', (value) => {
    if (value instanceof Undefined) return [];
    if (!isTermDict(value)) throw new PythonError('Can only get item pairs from a mapping.');
    return Array.from(value, tupleOf);
  }),
  combine: filter('* **', combine),
  dict2items: filter('key_name value_name', dictToItems),
  items2dict: filter('key_name value_name', itemsToDict),
  rekey_on_member: filter('key duplicates', rekey),
  subelements: filter('subelements skip_missing', (value, args) => {
    const items = isTermDict(value) ? [...value.values()] : itemsOf(value);
    return subelements(items, args.required('subelements'), args.flag('skip_missing'));
  }),
  'community.general.dict': fromPairs,
  'community.general.lists_mergeby': filter('* **', mergeListsBy),
  'community.general.dict_kv': filter('key', (value, args) => new Map([[args.required('key'), value]])),
};
