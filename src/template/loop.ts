import { equal } from '../value/compare.ts';
import { PythonError } from '../value/python-error.ts';
import type { Term } from '../value/term.ts';
import { Callable } from './callable.ts';
import type { Runtime } from './runtime.ts';

/** The `loop` of a `for`: where it stands; in a recursive one it can be called. */
export class Loop extends Callable {
  override readonly typeName = 'LoopContext';
  readonly #items: readonly Term[];
  readonly #depth: number;
  readonly #runtime: Runtime;
  #index = 0;
  #last: readonly Term[] | undefined;

  constructor(items: readonly Term[], depth: number, runtime: Runtime, again?: (items: Term) => Term) {
    super('loop', ([nested = []]) => {
      if (again) return again(nested);
      throw new PythonError("The loop must have the 'recursive' marker to be called recursively.");
    });
    this.#items = items;
    this.#depth = depth;
    this.#runtime = runtime;
  }

  advance(): void {
    this.#index++;
  }

  override attribute(name: string): Term | undefined {
    const [index, { length }] = [this.#index, this.#items];
    switch (name) {
      case 'index':
        return index + 1;
      case 'index0':
        return index;
      case 'revindex':
        return length - index;
      case 'revindex0':
        return length - index - 1;
      case 'first':
        return index === 0;
      case 'last':
        return index === length - 1;
      case 'length':
        return length;
      case 'depth':
        return this.#depth;
      case 'depth0':
        return this.#depth - 1;
      case 'previtem':
        return this.#neighbour(index - 1, 'there is no previous item');
      case 'nextitem':
        return this.#neighbour(index + 1, 'there is no next item');
      case 'cycle':
        return new Callable(name, (items) => this.#cycle(items));
      case 'changed':
        return new Callable(name, (terms) => this.#changed(terms));
      default:
        return undefined;
    }
  }

  #neighbour(index: number, hint: string): Term {
    const item = this.#items[index];
    return item === undefined ? this.#runtime.undefined(hint) : item;
  }

  #cycle(items: readonly Term[]): Term {
    const item = items[this.#index % items.length];
    if (item === undefined) throw new PythonError('no items for cycling given');
    return item;
  }

  #changed(terms: readonly Term[]): boolean {
    const same = this.#last !== undefined && equal(this.#last, terms);
    this.#last = terms;
    return !same;
  }
}
