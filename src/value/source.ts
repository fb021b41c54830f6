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

/** A container's own positions, or the containers that its members came from, the last of which holds. */
const positions = new WeakMap<object, Positions | readonly object[]>();

export function remember(container: object, place: Positions): void {
  positions.set(container, place);
}

/** Where a container stands; with `key`, where that member's value stands (`part: 'key'`: where its key stands). */
export function whereOf(container: unknown, key?: Value, part: 'value' | 'key' = 'value'): Where | undefined {
  if (typeof container !== 'object' || container === null) return undefined;
  const place = placeOf(container, key);
  if (!place) return undefined;
  const member = key === undefined ? undefined : place.members.get(key);
  return place.source.at(member ? member[part === 'key' ? 0 : 1] : place.own);
}

/** The positions that know the member; where none does, those of the first container that has any. */
function placeOf(container: object, key: Value | undefined): Positions | undefined {
  const place = positions.get(container);
  if (!isParts(place)) return place;
  const places = place.flatMap((part) => placeOf(part, key) ?? []);
  return places.findLast(({ members }) => key !== undefined && members.has(key)) ?? places[0];
}

function isParts(place: Positions | readonly object[] | undefined): place is readonly object[] {
  return Array.isArray(place);
}

/** Gives `copy` the positions of `original`: for data that is rewritten but keeps its place. */
export function inherit<T extends object>(copy: T, original: object): T {
  const place = positions.get(original);
  if (place) positions.set(copy, place);
  return copy;
}

/** Gives `copy` the positions of the members of all `originals`, in one file or several; the last that has one holds. */
export function inheritAll<T extends object>(copy: T, originals: readonly object[]): T {
  positions.set(copy, originals);
  return copy;
}

/** Gives `copy` the places of its keys as `key=` words of the text that is a member of a container. */
export function rememberWords(copy: ReadonlyMap<Value, Value>, container: object, key: Value): void {
  const place = placeOf(container, key);
  const [, own] = place?.members.get(key) ?? [];
  if (!place || own === undefined) return;
  const { text } = place.source;
  const members = new Map<Value, readonly [number, number]>();
  for (const name of copy.keys()) {
    const at = wordAt(text, `${String(name)}=`, own);
    if (at !== undefined) members.set(name, [at, at + String(name).length + 1]);
  }
  positions.set(copy, { source: place.source, own, members });
}

function wordAt(text: string, word: string, from: number): number | undefined {
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === from || /[\s"']/.test(text[at - 1] ?? '')) return at;
  }
  return undefined;
}
