/** `omit`: an argument with this value is left out, at any depth. */

import { inherit } from '../value/source.ts';
import { isDict, isList, type Value } from '../value/value.ts';

export const OMIT = '__omit_place_holder__8b1f0cdd7c3a4e1c9f64';

export function withoutOmitted(value: Value): Value {
  if (isList(value)) {
    return inherit(value.filter((item) => item !== OMIT).map(withoutOmitted), value);
  }
  if (!isDict(value)) return value;
  const kept = [...value].filter(([, item]) => item !== OMIT);
  return inherit(new Map(kept.map(([key, item]) => [key, withoutOmitted(item)])), value);
}
