/** Dictionary access with Python's keys: `1`, `1.0` and `True` are one key, tuples are keys by their items. */

import { equal } from './compare.ts';
import { PythonError } from './python-error.ts';
import { Foreign, type Term, type TermDict } from './term.ts';
import { typeName } from './text.ts';
import { Float, Tuple, Unsafe } from './value.ts';

/** The key under which a Map holds `key`. Throws where Python's key would be unhashable. */
function storedKey(dict: TermDict, key: Term): Term {
  if (typeof key === 'string' || key === null || typeof key === 'number') return key;
  if (typeof key === 'boolean') return dict.has(key) ? key : dict.has(Number(key)) ? Number(key) : key;
  if (typeof key === 'bigint') return key;
  if (key instanceof Float) return key.value;
  if (key instanceof Unsafe) return key.text;
  if (key instanceof Foreign) {
    key.demand();
    return key;
  }
  if (!(key instanceof Tuple)) throw new PythonError(`unhashable type: '${typeName(key)}'`);
  for (const other of dict.keys()) if (other instanceof Tuple && equal(other, key)) return other;
  return key;
}

/** The item, or `undefined` when the dictionary lacks the key. */
export function dictGet(dict: TermDict, key: Term): Term | undefined {
  const item = dict.get(key);
  if (item !== undefined) return item;
  if (key === 1 || key === 0) return dict.get(key === 1);
  return typeof key === 'string' ? undefined : dict.get(storedKey(dict, key));
}

export function dictHas(dict: TermDict, key: Term): boolean {
  if (dict.has(key)) return true;
  if (key === 1 || key === 0) return dict.has(key === 1);
  return typeof key === 'string' ? false : dict.has(storedKey(dict, key));
}

export function dictSet(dict: Map<Term, Term>, key: Term, item: Term): void {
  dict.set(storedKey(dict, key), item);
}

export function dictDelete(dict: Map<Term, Term>, key: Term): void {
  dict.delete(storedKey(dict, key));
}

export function dictOf(entries: Iterable<readonly [Term, Term]>): Map<Term, Term> {
  const dict = new Map<Term, Term>();
  for (const [key, item] of entries) dictSet(dict, key, item);
  return dict;
}
