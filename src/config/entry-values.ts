/** Values of an entry whose shape is checked, as TypeScript's own. */

import { type Dict, isDict, isList, toPlain, type Value } from '../value/value.ts';

export function textOf(value: Value | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(toPlain(value));
}

/** A text counts as a list of one. */
export function textsOf(value: Value | undefined): readonly string[] {
  if (isList(value)) return value.map(String);
  const text = textOf(value);
  return text === undefined ? [] : [text];
}

export function numberOf(value: Value | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function booleanOf(value: Value | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

export function dictOf(value: Value | undefined): Dict {
  return isDict(value) ? value : new Map();
}
