import type { Term } from '../../value/term.ts';
import { type Arguments, type Parameters, parameters } from '../arguments.ts';

/** A Python method of a value. */
export interface Method<Self> {
  readonly parameters: Parameters;
  readonly run: (self: Self, args: Arguments) => Term;
}

export type Methods<Self> = ReadonlyMap<string, Method<Self>>;

/** A method with its parameters as `parameters()` reads them. */
export function method<Self>(spec: string, run: Method<Self>['run']): Method<Self> {
  return { parameters: parameters(spec), run };
}

export function methods<Self>(table: Readonly<Record<string, Method<Self>>>): Methods<Self> {
  return new Map(Object.entries(table));
}
