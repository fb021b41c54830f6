/** A dictionary from text: JSON, or `k1=v1, k2="v 2"`. */

import { type Dict, fromPlain, isDict, type Value } from '../value/value.ts';

/** Undefined for text that is neither. */
export function parseDict(text: string): Dict | undefined {
  if (text.startsWith('{')) return parseJson(text);
  if (!text.includes('=')) return undefined;
  const fields = splitFields(text.trim()).map((field): [Value, Value] | undefined => {
    const at = field.indexOf('=');
    return at < 0 ? undefined : [field.slice(0, at), field.slice(at + 1)];
  });
  return fields.every((field) => field !== undefined) ? new Map(fields) : undefined;
}

function parseJson(text: string): Dict | undefined {
  try {
    const value = fromPlain(JSON.parse(text));
    return isDict(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Fields between commas and spaces; quotes hold them together, a backslash takes the next character as it is. */
function splitFields(text: string): readonly string[] {
  const fields: string[] = [];
  let field = '';
  let quote = '';
  let escaped = false;
  for (const char of text) {
    if (escaped) {
      field += char;
      escaped = false;
    } else if (char === '\\') escaped = true;
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (quote !== '' && char === quote) quote = '';
    else if (quote === '' && (char === ',' || char === ' ')) {
      fields.push(field);
      field = '';
    } else field += char;
  }
  return [...fields, field].filter((each) => each !== '');
}
