/** What a template may call: filters, tests and global functions, by name. */

import type { Term } from '../value/term.ts';
import { type Arguments, type Parameters, parameters } from './arguments.ts';
import type { Runtime } from './runtime.ts';

export interface Filter {
  readonly parameters: Parameters;
  readonly run: (value: Term, args: Arguments, runtime: Runtime) => Term;
  /** It is asked about undefined values too, as `default` is. */
  readonly acceptsUndefined: boolean;
}

export interface Test {
  readonly parameters: Parameters;
  readonly run: (value: Term, args: Arguments, runtime: Runtime) => boolean;
  readonly acceptsUndefined: boolean;
}

export type Filters = Readonly<Record<string, Filter>>;
export type Tests = Readonly<Record<string, Test>>;

/** A filter with its parameters as `parameters()` reads them. */
export function filter(spec: string, run: Filter['run']): Filter {
  return { parameters: parameters(spec), run, acceptsUndefined: false };
}

export function lenientFilter(spec: string, run: Filter['run']): Filter {
  return { parameters: parameters(spec), run, acceptsUndefined: true };
}

export function test(spec: string, run: Test['run']): Test {
  return { parameters: parameters(spec), run, acceptsUndefined: false };
}

export function lenientTest(spec: string, run: Test['run']): Test {
  return { parameters: parameters(spec), run, acceptsUndefined: true };
}

export interface Language {
  filter(name: string): Filter | undefined;
  test(name: string): Test | undefined;
  global(name: string, runtime: Runtime): Term | undefined;
  /** Names near to one that does not exist, for hints. */
  readonly filterNames: readonly string[];
  readonly testNames: readonly string[];
}
