import type { Term } from '../value/term.ts';
import { str } from '../value/text.ts';
import { getData } from './access.ts';
import type { Runtime } from './runtime.ts';
import { Undefined } from './undefined.ts';

/** Reads `attribute='a.b.0'` of an item: data only. `fallback` stands for what is not there. */
export function attributeOf(path: Term, runtime: Runtime, fallback?: Term): (item: Term) => Term {
  const keys: readonly Term[] =
    typeof path === 'number'
      ? [path]
      : str(path)
          .split('.')
          .map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  return (item) => {
    let term = item;
    for (const key of keys) {
      term = getData(term, key, runtime);
      if (term instanceof Undefined) return fallback ?? term;
    }
    return term;
  };
}

/** As `attributeOf`; without a path the item itself. */
export function keyOf(path: Term | undefined, runtime: Runtime, fallback?: Term): (item: Term) => Term {
  return path === undefined || path === null ? (item) => item : attributeOf(path, runtime, fallback);
}
