/** Which methods a value has. Tables, so that none of JavaScript's own can be reached. */

import { isTermDict, isTermList, type Term } from '../../value/term.ts';
import { Tuple } from '../../value/value.ts';
import { Arguments } from '../arguments.ts';
import { Callable, type Named } from '../callable.ts';
import { CHANGING_DICT_METHODS, DICT_METHODS } from './dict.ts';
import { CHANGING_LIST_METHODS, LIST_METHODS } from './list.ts';
import type { Method, Methods } from './method.ts';
import { TEXT_METHODS } from './text.ts';

/** Names of methods that change their list or dictionary. */
export const CHANGING: ReadonlySet<string> = new Set([
  ...CHANGING_LIST_METHODS.keys(),
  ...CHANGING_DICT_METHODS.keys(),
]);

export type Bound = (positional: readonly Term[], named: Named) => Term;

function bind<Self>(self: Self, table: Methods<Self>, name: string): Bound | undefined {
  const found: Method<Self> | undefined = table.get(name);
  return found && ((positional, named) => found.run(self, new Arguments(name, found.parameters, positional, named)));
}

/** The method of a value, ready to be called; `changing: false` leaves out those that change the value. */
export function findMethod(object: Term, name: string, changing = true): Bound | undefined {
  if (typeof object === 'string') return bind(object, TEXT_METHODS, name);
  if (isTermDict(object)) {
    const bound = bind(object, DICT_METHODS, name);
    return bound ?? (changing ? changingDict(object, name) : undefined);
  }
  if (!isTermList(object)) return undefined;
  const bound = bind(object, LIST_METHODS, name);
  if (bound || !changing || object instanceof Tuple) return bound;
  return changingList(object, name);
}

/** Only lists and dictionaries of the template's own are changed: variables are copied before. */
function changingList(object: Term, name: string): Bound | undefined {
  return Array.isArray(object) ? bind<Term[]>(object, CHANGING_LIST_METHODS, name) : undefined;
}

function changingDict(object: Term, name: string): Bound | undefined {
  return object instanceof Map ? bind<Map<Term, Term>>(object, CHANGING_DICT_METHODS, name) : undefined;
}

/** The same as a value. */
export function boundMethod(object: Term, name: string, { changing = true } = {}): Callable | undefined {
  const bound = findMethod(object, name, changing);
  return bound && new Callable(name, bound);
}
