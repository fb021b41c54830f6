import { Foreign, isTermDict, isTermList, type Term } from '../value/term.ts';
import { Tuple, type Value } from '../value/value.ts';
import { Group } from './group.ts';
import { LazyList } from './lazy.ts';
import { Undefined } from './undefined.ts';

/**
 * A term as data that may leave the template: everything rendered, nothing undefined. What is no data becomes text.
 * Plain data is returned as it is, not copied.
 */
export function finish(term: Term): Value {
  if (term instanceof Foreign) return term instanceof Undefined && term.lenient ? null : term.text();
  if (isTermList(term)) return finishList(term);
  if (isTermDict(term)) return finishDict(term);
  return term;
}

function finishList(list: readonly Term[]): Value {
  const items = Array.from(list, finish);
  if (list instanceof Group || (list instanceof Tuple && items.some((item, index) => item !== list[index]))) {
    return Tuple.from(items);
  }
  const same = !(list instanceof LazyList) && items.every((item, index) => item === list[index]);
  return same ? (list as readonly Value[]) : items;
}

function finishDict(dict: ReadonlyMap<Term, Term>): Value {
  let same = Object.getPrototypeOf(dict) === Map.prototype;
  const copy = new Map<Value, Value>();
  for (const [key, item] of dict) {
    const [finishedKey, finished] = [finish(key), finish(item)];
    same &&= finished === item && finishedKey === key;
    copy.set(finishedKey, finished);
  }
  return same ? (dict as ReadonlyMap<Value, Value>) : copy;
}
