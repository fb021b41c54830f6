import type { Args, Typed } from '../../src/module/module.ts';

/** The arguments of a table as they are when only `given` are given. */
export function withDefaults<T extends Args>(table: T, given: { readonly [name: string]: unknown }): Typed<T> {
  const entries = Object.entries(table).map(([name, arg]) => [name, given[name] ?? arg.default] as const);
  return Object.fromEntries(entries) as Typed<T>;
}
