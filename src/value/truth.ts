import { Foreign, isTermDict, type Term } from './term.ts';
import { Float, Unsafe } from './value.ts';

/** Python's truth of a value: empty text, lists and dictionaries, zero and None are false. */
export function truthy(term: Term): boolean {
  if (typeof term === 'boolean') return term;
  if (term === null) return false;
  if (typeof term === 'string') return term !== '';
  if (typeof term === 'number') return term !== 0;
  if (typeof term === 'bigint') return term !== 0n;
  if (term instanceof Foreign) return term.truthy();
  if (term instanceof Float) return term.value !== 0;
  if (term instanceof Unsafe) return term.text !== '';
  return isTermDict(term) ? term.size > 0 : term.length > 0;
}
