/** What a module accepts. One table gives the types, the coercion, the checks, the docs and the JSON Schema. */

import type { Plain, Value } from '../value/value.ts';

interface Common {
  /** One sentence. */
  readonly doc: string;
  readonly required?: true;
  /** Other names of the argument. */
  readonly alias?: readonly string[];
  /** Never shown: passwords, keys. */
  readonly secret?: true;
}

export type Arg = Common &
  (
    | { readonly type: 'string' | 'path' | 'mode'; readonly default?: string }
    | { readonly type: 'boolean'; readonly default?: boolean }
    /** A whole number. */
    | { readonly type: 'int'; readonly default?: number }
    | { readonly type: 'float'; readonly default?: number }
    /** A list; a single value or `a,b` text becomes one, as in Ansible. */
    | {
        readonly type: 'list';
        readonly of?: 'string' | 'path' | 'int' | 'dict' | 'raw';
        readonly default?: readonly Plain[];
      }
    | { readonly type: 'dict'; readonly default?: { readonly [key: string]: Plain } }
    /** Any value, as JSON data. */
    | { readonly type: 'raw'; readonly default?: Plain }
    /** Any value with Python's types kept: dictionaries are Maps, `1.0` stays a float. */
    | { readonly type: 'value'; readonly default?: Plain }
    | { readonly type: 'enum'; readonly of: readonly string[]; readonly default?: string }
  );

export type Args = { readonly [name: string]: Arg };

type ListOf<A> = A extends { readonly of: 'int' }
  ? number
  : A extends { readonly of: 'dict' }
    ? { readonly [key: string]: Plain }
    : A extends { readonly of: 'raw' }
      ? Plain
      : string;

export type ValueOf<A extends Arg> = A extends { readonly type: 'enum'; readonly of: infer O extends readonly string[] }
  ? O[number]
  : A extends { readonly type: 'boolean' }
    ? boolean
    : A extends { readonly type: 'int' | 'float' }
      ? number
      : A extends { readonly type: 'list' }
        ? readonly ListOf<A>[]
        : A extends { readonly type: 'dict' }
          ? { readonly [key: string]: Plain }
          : A extends { readonly type: 'raw' }
            ? Plain
            : A extends { readonly type: 'value' }
              ? Value
              : string;

/** The arguments as `plan` and `run` get them: by their main names, coerced, defaults filled in. */
export type Typed<T extends Args> = {
  readonly [K in keyof T]: T[K] extends { readonly required: true } | { readonly default: unknown }
    ? ValueOf<T[K]>
    : ValueOf<T[K]> | undefined;
};
