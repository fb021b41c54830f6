import { tupleOf } from '../value/arithmetic.ts';
import { dictGet } from '../value/dict.ts';
import { PythonError } from '../value/python-error.ts';
import { isTermDict, isTermList, type Term } from '../value/term.ts';
import { repr, str } from '../value/text.ts';

/** Pairs of each item and each element of the list that `path` (`'a.b'`, or a list of keys) leads to inside of it. */
export function subelements(items: readonly Term[], path: Term, skipMissing: boolean): Term[] {
  const keys = isTermList(path) ? path.map(str) : str(path).split('.');
  const pairs: Term[] = [];
  for (const item of items) {
    const list = follow(item, keys, skipMissing);
    for (const element of list ?? []) pairs.push(tupleOf([item, element]));
  }
  return pairs;
}

function follow(item: Term, keys: readonly string[], skipMissing: boolean): readonly Term[] | undefined {
  let inside: Term = item;
  for (const key of keys) {
    const next: Term | undefined = isTermDict(inside) ? dictGet(inside, key) : undefined;
    if (next === undefined) {
      if (skipMissing) return undefined;
      throw new PythonError(`could not find '${key}' key in iterated item ${repr(item)}`);
    }
    inside = next;
  }
  if (isTermList(inside)) return inside;
  if (skipMissing && inside === null) return undefined;
  throw new PythonError(`the key ${keys.at(-1) ?? ''} should point to a list, got ${repr(inside)}`);
}
