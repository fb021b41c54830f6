import { inheritAll } from '../value/source.ts';
import type { Dict, Value } from '../value/value.ts';

const NONE: Dict = new Map();

/** Later mappings win. The result keeps the places of all; it is the very mapping when only one holds anything. */
export function mergeVars(parts: readonly Dict[]): Dict {
  const filled = parts.filter((part) => part.size > 0);
  if (filled.length < 2) return filled[0] ?? NONE;
  const merged = new Map<Value, Value>();
  for (const part of filled) for (const [name, value] of part) merged.set(name, value);
  return inheritAll(merged, filled);
}

/** Variables that come bit by bit. */
export class Variables {
  #parts: Dict[] = [];

  add(part: Dict): void {
    this.#parts.push(part);
  }

  get merged(): Dict {
    if (this.#parts.length > 1) this.#parts = [mergeVars(this.#parts)];
    return this.#parts[0] ?? NONE;
  }
}
