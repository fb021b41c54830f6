/** The data of the playbook language: Python's values on JavaScript's. */

/**
 * null is None, a whole `number` or `bigint` is an int, a fractional `number` or a `Float` is a float.
 * Dictionaries are Maps, because JavaScript objects reorder keys that look like digits.
 */
export type Value = null | boolean | number | bigint | Float | string | Unsafe | readonly Value[] | Dict;
export type Dict = ReadonlyMap<Value, Value>;

/** A float whose value is whole: `1.0` must not print as `1`. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
  valueOf(): number {
    return this.value;
  }
  toJSON(): number {
    return this.value;
  }
}

/** Text that must never be templated: `!unsafe` in YAML. */
export class Unsafe {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
  toJSON(): string {
    return this.text;
  }
}

/** A Python tuple: a list that prints with parentheses. */
export class Tuple extends Array<Value> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** What JSON can hold: what modules are given and what they answer. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

export function isDict(value: unknown): value is Dict {
  return value instanceof Map;
}

export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

/** The float of a JavaScript number: whole ones are wrapped. */
export function float(value: number): Value {
  return Number.isInteger(value) ? new Float(value) : value;
}

export function dict(entries: Readonly<Record<string, Value>> = {}): Map<Value, Value> {
  return new Map(Object.entries(entries));
}

/** A value as JSON data. Dictionary keys become text as Python's `json.dumps` writes them. */
export function toPlain(value: Value): Plain {
  if (value instanceof Float) return value.value;
  if (value instanceof Unsafe) return value.text;
  if (typeof value === 'bigint') return Number(value);
  if (isList(value)) return value.map(toPlain);
  if (isDict(value)) return Object.fromEntries([...value].map(([key, item]) => [jsonKey(key), toPlain(item)]));
  return value as Plain;
}

function jsonKey(key: Value): string {
  if (key === null) return 'null';
  return typeof key === 'string' ? key : String(toPlain(key));
}

/** JSON data as a value. `undefined` members are left out. */
export function fromPlain(plain: unknown): Value {
  if (plain === null || plain === undefined) return null;
  if (Array.isArray(plain)) return plain.map(fromPlain);
  if (plain instanceof Map || plain instanceof Float || plain instanceof Unsafe) return plain as Value;
  if (typeof plain === 'object') {
    const members = Object.entries(plain).filter(([, item]) => item !== undefined);
    return new Map(members.map(([key, item]) => [key, fromPlain(item)]));
  }
  return plain as Value;
}
