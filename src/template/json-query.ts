import { isFloat, toNumber } from '../value/number.ts';
import { PythonError } from '../value/python-error.ts';
import { demand, isTermDict, isTermList, type Term } from '../value/term.ts';
import { str } from '../value/text.ts';
import { fromPlain, Unsafe } from '../value/value.ts';
import { jmespath } from './on-demand.ts';

/** The answer of a JMESPath expression. */
export function jsonQuery(value: Term, expression: string): Term {
  try {
    return fromPlain(jmespath().search(toJson(value), expression));
  } catch (error) {
    if (!(error instanceof Error) || error instanceof PythonError) throw error;
    throw new PythonError(`JMESPath: ${error.message}`);
  }
}

/** Objects without a prototype, so that no expression can name JavaScript's own members. */
function toJson(term: Term): unknown {
  demand(term);
  if (isTermList(term)) return term.map(toJson);
  if (term instanceof Unsafe) return term.text;
  if (isFloat(term)) return toNumber(term);
  if (!isTermDict(term)) return typeof term === 'bigint' ? Number(term) : term;
  const object: Record<string, unknown> = Object.create(null);
  for (const [key, item] of term) object[str(key)] = toJson(item);
  return object;
}
