/** What an expression computes with: values, and what stands among them only while a template is evaluated. */

import type { Float, Unsafe } from './value.ts';

/** No data (an undefined value, a function, a date): it says itself how Python would treat it, and never leaves a template. */
export abstract class Foreign {
  /** Python's name of the type, for messages. */
  abstract readonly typeName: string;

  /** Python's `str()`. An undefined value throws. */
  abstract text(): string;

  /** Called before the object is used as an operand. An undefined value throws. */
  demand(): void {}

  truthy(): boolean {
    return true;
  }

  equals(other: Term): boolean {
    return this === other;
  }

  /** Negative, zero or positive; `undefined` when Python has no order for the two. */
  compare(_other: Term): number | undefined {
    return undefined;
  }
}

export type Term =
  | null
  | boolean
  | number
  | bigint
  | Float
  | string
  | Unsafe
  | Foreign
  | readonly Term[]
  | ReadonlyMap<Term, Term>;

export type TermDict = ReadonlyMap<Term, Term>;

export function isTermDict(term: Term | undefined): term is TermDict {
  return term instanceof Map;
}

export function isTermList(term: Term | undefined): term is readonly Term[] {
  return Array.isArray(term);
}

export function demand(term: Term): void {
  if (term instanceof Foreign) term.demand();
}
