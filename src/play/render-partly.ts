/** Templates filled in as far as that can be done without a host. */

import { faultsOf } from '../fault.ts';
import type { Scope, Templar } from '../template/templar.ts';
import { equal } from '../value/compare.ts';
import { isDict, isList, type Value } from '../value/value.ts';

/**
 * A value with each text filled in that can be; what reads facts, results or anything else that is not there yet stays
 * as written, and so does what comes out differently each time.
 */
export function renderPartly(value: Value, scope: () => Scope, templar: Templar): Value {
  if (isList(value)) return value.map((item) => renderPartly(item, scope, templar));
  if (isDict(value)) return new Map([...value].map(([key, item]) => [key, renderPartly(item, scope, templar)]));
  if (typeof value !== 'string') return value;
  try {
    const [first, second] = [templar.render(value, scope()), templar.render(value, scope())];
    return equal(first, second) ? first : value;
  } catch (error) {
    if (!faultsOf(error)) throw error;
    return value;
  }
}
