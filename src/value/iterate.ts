import { PythonError } from './python-error.ts';
import { demand, isTermDict, isTermList, type Term } from './term.ts';
import { typeName } from './text.ts';
import { Unsafe } from './value.ts';

/** What Python iterates over: items of a list, characters of a text, keys of a dictionary. */
export function itemsOf(term: Term): readonly Term[] {
  if (isTermList(term)) return term;
  if (typeof term === 'string') return [...term];
  if (isTermDict(term)) return [...term.keys()];
  if (term instanceof Unsafe) return [...term.text];
  demand(term);
  throw new PythonError(`'${typeName(term)}' object is not iterable`);
}

/** Python's `len()`. */
export function lengthOf(term: Term): number {
  if (isTermList(term)) return term.length;
  if (isTermDict(term)) return term.size;
  if (typeof term === 'string' || term instanceof Unsafe) return itemsOf(term).length;
  demand(term);
  throw new PythonError(`object of type '${typeName(term)}' has no len()`);
}
