import { tupleOf } from '../../value/arithmetic.ts';
import { dictDelete, dictGet, dictHas, dictOf, dictSet } from '../../value/dict.ts';
import { itemsOf } from '../../value/iterate.ts';
import { PythonError } from '../../value/python-error.ts';
import { isTermDict, type Term, type TermDict } from '../../value/term.ts';
import { repr } from '../../value/text.ts';
import { method, methods } from './method.ts';

export const DICT_METHODS = methods<TermDict>({
  items: method('', (dict) => Array.from(dict, tupleOf)),
  keys: method('', (dict) => [...dict.keys()]),
  values: method('', (dict) => [...dict.values()]),
  get: method('key default', (dict, args) => {
    const item = dictGet(dict, args.required('key'));
    return item === undefined ? (args.raw('default') ?? null) : item;
  }),
  copy: method('', (dict) => new Map(dict)),
});

export const CHANGING_DICT_METHODS = methods<Map<Term, Term>>({
  update: method('other **', (dict, args) => {
    for (const [key, item] of entriesOf(args.get('other') ?? [])) dictSet(dict, key, item);
    for (const [key, item] of args.others) dict.set(key, item);
    return null;
  }),
  pop: method('key default', (dict, args) => {
    const key = args.required('key');
    const own = dictGet(dict, key);
    const item = own === undefined ? args.raw('default') : own;
    if (item === undefined) throw new PythonError(`the dictionary has no key ${repr(key)}`);
    dictDelete(dict, key);
    return item;
  }),
  popitem: method('', (dict) => {
    const last = [...dict].at(-1);
    if (!last) throw new PythonError('popitem(): dictionary is empty');
    dictDelete(dict, last[0]);
    return tupleOf(last);
  }),
  setdefault: method('key default', (dict, args) => {
    const key = args.required('key');
    if (!dictHas(dict, key)) dictSet(dict, key, args.get('default') ?? null);
    return dictGet(dict, key) ?? null;
  }),
  clear: method('', (dict) => {
    dict.clear();
    return null;
  }),
});

/** The pairs of a dictionary, or of a list of pairs. */
export function entriesOf(term: Term): Iterable<readonly [Term, Term]> {
  if (isTermDict(term)) return term;
  return dictOf(
    Array.from(itemsOf(term), (pair): readonly [Term, Term] => {
      const [key, item, more] = itemsOf(pair);
      if (key !== undefined && item !== undefined && more === undefined) return [key, item];
      throw new PythonError(`a pair of a key and a value is needed, not ${repr(pair)}`);
    }),
  );
}
