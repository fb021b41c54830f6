/** Functions that every template may call. */

import { numberOf } from '../value/arithmetic.ts';
import { dictOf } from '../value/dict.ts';
import { PythonError } from '../value/python-error.ts';
import type { Term } from '../value/term.ts';
import { str } from '../value/text.ts';
import { truthy } from '../value/truth.ts';
import { Callable, CallableObject, type Named } from './callable.ts';
import { blocksOf } from './compile-include.ts';
import { DateTime } from './date-time.ts';
import { lookupGlobal } from './lookups.ts';
import { entriesOf } from './methods/dict.ts';
import { Namespace } from './namespace.ts';
import type { Runtime } from './runtime.ts';
import { Undefined } from './undefined.ts';

const LONGEST_RANGE = 1_000_000;

const pure = (name: string, call: Callable['call']): (() => Term) => {
  const callable = new Callable(name, call);
  return () => callable;
};

export const GLOBALS: Readonly<Record<string, (runtime: Runtime) => Term>> = {
  range: pure('range', range),
  dict: pure('dict', ([source], named) => dictOf([...(source === undefined ? [] : entriesOf(source)), ...named])),
  namespace: pure('namespace', (sources, named) => {
    const members = sources.flatMap((source) => [...entriesOf(source)].map(([key, item]) => [str(key), item] as const));
    return new Namespace([...members, ...named]);
  }),
  cycler: pure('cycler', cycler),
  joiner: pure('joiner', ([separator = ', ']) => {
    let used = false;
    return new Callable('joiner', () => {
      const text = used ? separator : '';
      used = true;
      return text;
    });
  }),
  lipsum: pure('lipsum', () => 'Lorem ipsum dolor sit amet.'),
  undef: pure('undef', ([hint], named) => new Undefined(str(hint ?? named.get('hint') ?? 'undefined'))),
  now: (runtime) => new Callable('now', (positional, named) => now(runtime.templar.now(), positional, named)),
  lookup: (runtime) => lookupGlobal('lookup', runtime),
  query: (runtime) => lookupGlobal('query', runtime),
  q: (runtime) => lookupGlobal('query', runtime),
  self: blocksOf,
  vars: (runtime) => runtime.scope.dictionary(),
};

function range(positional: readonly Term[]): Term {
  const [first, second, third = 1] = positional;
  if (first === undefined) throw new PythonError('range expected at least 1 argument, got 0');
  const [start, end] = second === undefined ? [0, numberOf(first)] : [numberOf(first), numberOf(second)];
  const step = numberOf(third);
  if (step === 0) throw new PythonError('range() arg 3 must not be zero');
  if ((end - start) / step > LONGEST_RANGE) {
    throw new PythonError(`the range is too big: at most ${LONGEST_RANGE} items are allowed`);
  }
  const numbers: number[] = [];
  for (let number = start; step > 0 ? number < end : number > end; number += step) numbers.push(number);
  return numbers;
}

function cycler(items: readonly Term[]): Term {
  let index = 0;
  const current = (): Term => items[index % items.length] ?? null;
  const next = new Callable('next', () => {
    const item = current();
    index++;
    return item;
  });
  const reset = new Callable('reset', () => {
    index = 0;
    return null;
  });
  return new CallableObject('cycler', () => null, { current, next: () => next, reset: () => reset });
}

/** Ansible's `now(utc=False, fmt=None)`. */
function now(date: Date, positional: readonly Term[], named: Named): Term {
  const utc = positional[0] ?? named.get('utc') ?? false;
  const format = positional[1] ?? named.get('fmt') ?? null;
  const time = truthy(utc) ? new DateTime(date.getTime()) : DateTime.local(date);
  return format === null ? time : time.format(str(format));
}
