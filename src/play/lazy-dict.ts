/** Dictionaries whose values are made when they are read: hostvars, vars. */

import type { Value } from '../value/value.ts';

/** A Map that asks `read` for each value; `keys` names what there is. Read-only. */
export class LazyDict extends Map<Value, Value> {
  readonly #read: (key: string) => Value | undefined;
  readonly #keys: () => Iterable<string>;

  constructor(read: (key: string) => Value | undefined, keys: () => Iterable<string>) {
    super();
    this.#read = read;
    this.#keys = keys;
  }

  override get(key: Value): Value | undefined {
    return typeof key === 'string' ? this.#read(key) : undefined;
  }

  override has(key: Value): boolean {
    return this.get(key) !== undefined;
  }

  override get size(): number {
    return [...this.#keys()].length;
  }

  override *keys(): MapIterator<Value> {
    yield* this.#keys();
  }

  override *values(): MapIterator<Value> {
    for (const key of this.#keys()) yield this.#read(key) ?? null;
  }

  override *entries(): MapIterator<[Value, Value]> {
    for (const key of this.#keys()) yield [key, this.#read(key) ?? null];
  }

  override [Symbol.iterator](): MapIterator<[Value, Value]> {
    return this.entries();
  }

  override forEach(visit: (value: Value, key: Value, map: Map<Value, Value>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}
