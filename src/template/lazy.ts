/** Containers that hold templates become copies whose items are rendered when they are first read. */

import { tupleOf } from '../value/arithmetic.ts';
import { isTermDict, isTermList, type Term } from '../value/term.ts';
import { Tuple, Unsafe } from '../value/value.ts';
import { isTemplate } from './is-template.ts';

/** Renders a template, or fails. `member` says which item of which container it is. */
export type RenderText = (text: string, member?: Member) => Term;

export interface Member {
  readonly container: object;
  readonly key: Term;
}

/** Reads an item of a container. */
type Read = (item: Term, member: Member) => Term;

const found = new WeakMap<object, boolean>();

/**
 * Whether something inside must be worked on before a template sees it: a template (where they are `rendered`),
 * or unsafe text. A dictionary of another class than Map prepares its items by itself and is left alone.
 */
function needsWork(value: Term): boolean {
  if (typeof value === 'string') return isTemplate(value);
  if (value instanceof Unsafe) return true;
  if (typeof value !== 'object' || value === null) return false;
  const known = found.get(value);
  if (known !== undefined) return known;
  const needs = isTermList(value)
    ? value.some(needsWork)
    : isTermDict(value) && isPlainMap(value) && [...value.values()].some(needsWork);
  found.set(value, needs);
  return needs;
}

const isPlainMap = (value: object): boolean => Object.getPrototypeOf(value) === Map.prototype;

/** A value as templates see it. `render` is undefined for final values, whose text is never a template. */
export function prepare(value: Term, render: RenderText | undefined, member?: Member): Term {
  if (typeof value === 'string') return render && isTemplate(value) ? render(value, member) : value;
  if (value instanceof Unsafe) return value.text;
  if (typeof value !== 'object' || value === null || !needsWork(value)) return value;
  return copyOf(value, (item, inside) => prepare(item, render, inside));
}

/** As `prepare`, but every container is a copy that may be changed. */
export function prepareCopy(value: Term, render: RenderText | undefined, member?: Member): Term {
  if (!isTermList(value) && !(isTermDict(value) && isPlainMap(value))) return prepare(value, render, member);
  return copyOf(value, (item, inside) => prepareCopy(item, render, inside));
}

function copyOf(value: Term, read: Read): Term {
  if (isTermDict(value)) return new LazyDict(value, read);
  if (!isTermList(value)) return value;
  if (!(value instanceof Tuple)) return lazyList(value, read);
  return tupleOf(value.map((item: Term, key) => read(item, { container: value, key })));
}

const isFinished = (item: Term): boolean =>
  typeof item === 'string' ? !isTemplate(item) : typeof item !== 'object' || item === null;

/** A list with getters in the place of items that are not rendered yet. */
export class LazyList extends Array<Term> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

function lazyList(items: readonly Term[], read: Read): readonly Term[] {
  const list = new LazyList();
  items.forEach((item, index) => {
    if (isFinished(item)) list[index] = item;
    else
      Object.defineProperty(
        list,
        index,
        onFirstRead(list, index, () => read(item, { container: items, key: index })),
      );
  });
  return list;
}

/** A property that replaces itself by its value when it is first read. */
function onFirstRead(list: Term[], index: number, read: () => Term): PropertyDescriptor {
  const settle = (value: Term): Term => {
    Object.defineProperty(list, index, { value, writable: true, enumerable: true, configurable: true });
    return value;
  };
  return { get: () => settle(read()), set: settle, enumerable: true, configurable: true };
}

/** A dictionary that renders an item when it is first read. */
export class LazyDict extends Map<Term, Term> {
  /** Keys whose items are still raw. */
  readonly #raw: Set<Term>;
  readonly #read: Read;
  readonly #source: ReadonlyMap<Term, Term>;

  constructor(source: ReadonlyMap<Term, Term>, read: Read) {
    super();
    this.#source = source;
    this.#raw = new Set();
    this.#read = read;
    for (const [key, item] of source) {
      super.set(key, item);
      if (!isFinished(item)) this.#raw.add(key);
    }
  }

  override get(key: Term): Term | undefined {
    const item = super.get(key);
    if (item === undefined || !this.#raw.has(key)) return item;
    const value = this.#read(item, { container: this.#source, key });
    this.set(key, value);
    return value;
  }

  override set(key: Term, value: Term): this {
    this.#raw?.delete(key);
    return super.set(key, value);
  }

  override *entries(): MapIterator<[Term, Term]> {
    for (const key of [...this.keys()]) yield [key, this.get(key) ?? null];
  }

  override *values(): MapIterator<Term> {
    for (const [, value] of this.entries()) yield value;
  }

  override [Symbol.iterator](): MapIterator<[Term, Term]> {
    return this.entries();
  }

  override forEach(visit: (value: Term, key: Term, map: Map<Term, Term>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}
