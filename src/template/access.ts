/** `object.name`, `object[key]` and `object[from:to]`: own data and explicit methods only, never JavaScript's. */

import { sameKind } from '../value/arithmetic.ts';
import { dictGet } from '../value/dict.ts';
import { PythonError } from '../value/python-error.ts';
import { demand, isTermDict, isTermList, type Term } from '../value/term.ts';
import { repr, str, typeName } from '../value/text.ts';
import { Callable } from './callable.ts';
import { DateTime, TimeDelta } from './date-time.ts';
import { Group } from './group.ts';
import { boundMethod } from './methods/methods.ts';
import { Namespace } from './namespace.ts';
import type { Runtime } from './runtime.ts';
import { Undefined } from './undefined.ts';

/** `object.name`: a method first, then an item, as Python's attributes hide items of the same name. */
export function getAttribute(object: Term, name: string, runtime: Runtime): Term {
  if (object instanceof Undefined) return object;
  const method = boundMethod(object, name);
  if (method) return method;
  return orMissing(ownAttribute(object, name), object, name, runtime);
}

function ownAttribute(object: Term, name: string): Term | undefined {
  if (isTermDict(object)) return dictGet(object, name);
  if (object instanceof Callable) return object.attribute(name);
  if (object instanceof Namespace) return object.members.get(name);
  if (object instanceof DateTime || object instanceof TimeDelta) return object.attribute(name);
  return object instanceof Group ? object.attribute(name) : undefined;
}

/** `object[key]`: an item first, then an attribute. Methods that change their object are not found by key. */
export function getItem(object: Term, key: Term, runtime: Runtime): Term {
  if (object instanceof Undefined) return object;
  demand(key);
  const own = itemOf(object, key);
  if (own !== undefined) return own;
  if (typeof key !== 'string') return missing(object, key, runtime);
  const method = boundMethod(object, key, { changing: false });
  return method ?? orMissing(ownAttribute(object, key), object, key, runtime);
}

/** `object[key]` without attributes and methods: data only. */
export function getData(object: Term, key: Term, runtime: Runtime): Term {
  if (object instanceof Undefined) return object;
  demand(key);
  const own = itemOf(object, key);
  if (own !== undefined || typeof key !== 'string') return orMissing(own, object, key, runtime);
  return orMissing(ownAttribute(object, key), object, key, runtime);
}

/** The item of a dictionary, list or text, or `undefined` when it has none. */
export function itemOf(object: Term, key: Term): Term | undefined {
  if (isTermDict(object)) return dictGet(object, key);
  if (typeof key !== 'number' && typeof key !== 'boolean') return undefined;
  const index = Number(key);
  if (isTermList(object)) return object[index < 0 ? object.length + index : index];
  if (typeof object !== 'string') return undefined;
  const characters = [...object];
  return characters[index < 0 ? characters.length + index : index];
}

/** What was found, None too, or what stands for nothing found. */
function orMissing(found: Term | undefined, object: Term, key: Term, runtime: Runtime): Term {
  return found === undefined ? missing(object, key, runtime) : found;
}

function missing(object: Term, key: Term, runtime: Runtime): Undefined {
  const what = typeof key === 'string' || typeof key === 'number' ? repr(key) : typeName(key);
  const kind = isTermDict(object) || isTermList(object) ? `${typeName(object)} object` : `${typeName(object)} value`;
  const hint =
    typeof key === 'number' && !isTermDict(object)
      ? `'${kind}' has no element ${key}`
      : `'${kind}' has no attribute ${what}`;
  if (typeof key !== 'string' || !isTermDict(object)) return runtime.undefined(hint);
  return runtime.undefined(hint, { name: key, among: () => Array.from(object.keys(), str) });
}

/** `object[from:to:step]`. */
export function getSlice(object: Term, from: Term, to: Term, step: Term): Term {
  if (object instanceof Undefined) return object;
  if (typeof object === 'string') return sliced([...object], from, to, step).join('');
  if (isTermList(object)) return sameKind(object, sliced(object, from, to, step));
  throw new PythonError(`'${typeName(object)}' object is not subscriptable`);
}

function sliced<T>(items: readonly T[], from: Term, to: Term, step: Term): T[] {
  const stride = bound(step) ?? 1;
  if (stride === 0) throw new PythonError('slice step cannot be zero');
  const forward = stride > 0;
  const [low, high] = forward ? [0, items.length] : [-1, items.length - 1];
  const clamp = (index: number): number => Math.min(Math.max(index < 0 ? index + items.length : index, low), high);
  const [first, last] = [bound(from), bound(to)];
  const end = last === undefined ? (forward ? high : low) : clamp(last);
  const out: T[] = [];
  let index = first === undefined ? (forward ? low : high) : clamp(first);
  for (; forward ? index < end : index > end; index += stride) out.push(items[index]!);
  return out;
}

function bound(term: Term): number | undefined {
  if (term === null) return undefined;
  demand(term);
  if (typeof term === 'number' && Number.isInteger(term)) return term;
  if (typeof term === 'boolean') return Number(term);
  throw new PythonError('slice indices must be integers or None');
}
