/** Where values came from. Positions live beside the data, keyed by its containers, so that data stays plain data. */

import type { Where } from '../fault.ts';
import type { Value } from './value.ts';

/** A file's text and its line starts. */
export class Source {
  readonly file: string;
  readonly text: string;
  #lines: number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** The place of a character offset. */
  at(offset: number): Where {
    this.#lines ??= lineStarts(this.text);
    let low = 0;
    let high = this.#lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lines[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.file, line: low + 1, column: offset - this.#lines[low]! + 1, text: this.text };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

interface Positions {
  readonly source: Source;
  /** Offset of the container itself. */
  readonly own: number;
  /** Offsets of each member: of its key (in a list, of the item) and of its value. */
  readonly members: ReadonlyMap<Value, readonly [key: number, value: number]>;
}

const positions = new WeakMap<object, Positions>();

export function remember(container: object, place: Positions): void {
  positions.set(container, place);
}

/** Where a container stands; with `key`, where that member's value stands (`part: 'key'`: where its key stands). */
export function whereOf(container: unknown, key?: Value, part: 'value' | 'key' = 'value'): Where | undefined {
  if (typeof container !== 'object' || container === null) return undefined;
  const place = positions.get(container);
  if (!place) return undefined;
  const member = key === undefined ? undefined : place.members.get(key);
  return place.source.at(member ? member[part === 'key' ? 0 : 1] : place.own);
}

/** Gives `copy` the positions of `original`: for data that is rewritten but keeps its place. */
export function inherit<T extends object>(copy: T, original: object): T {
  const place = positions.get(original);
  if (place) positions.set(copy, place);
  return copy;
}

/** Gives `copy` the positions of the members of all `originals`, which stand in one file; the last that has one holds. */
export function inheritAll<T extends object>(copy: T, originals: readonly object[]): T {
  const places = originals.flatMap((original) => positions.get(original) ?? []);
  const [first] = places;
  if (first) positions.set(copy, { ...first, members: new Map(places.flatMap(({ members }) => [...members])) });
  return copy;
}
