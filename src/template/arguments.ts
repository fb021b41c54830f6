import { numberOf } from '../value/arithmetic.ts';
import { itemsOf } from '../value/iterate.ts';
import { PythonError } from '../value/python-error.ts';
import { demand, type Term } from '../value/term.ts';
import { str } from '../value/text.ts';
import { truthy } from '../value/truth.ts';
import { type Named, NO_NAMED } from './callable.ts';

/** The parameters of a filter, test, method or lookup. */
export interface Parameters {
  readonly names: readonly string[];
  /** `*`: takes any number of further positional arguments. */
  readonly many: boolean;
  /** `**`: takes any further named arguments. */
  readonly anyNamed: boolean;
}

const NONE: Parameters = { names: [], many: false, anyNamed: false };

/** Reads `'old new *'`: names with blanks between, `*` for more positional ones, `**` for more named ones. */
export function parameters(text: string): Parameters {
  if (text === '') return NONE;
  const words = text.split(' ');
  return {
    names: words.filter((word) => !word.startsWith('*')),
    many: words.includes('*'),
    anyNamed: words.includes('**'),
  };
}

/**
 * The arguments of one call. A typed reader converts as Python would, and takes None for "not given" where it has a
 * fallback. Reading something undefined fails; `raw` lets it through.
 */
export class Arguments {
  readonly #name: string;
  readonly #parameters: Parameters;
  readonly #positional: readonly Term[];
  readonly #named: Named;

  constructor(name: string, parameters: Parameters, positional: readonly Term[], named: Named = NO_NAMED) {
    this.#name = name;
    this.#parameters = parameters;
    this.#positional = positional;
    this.#named = named;
    const { names, many, anyNamed } = parameters;
    if (positional.length > names.length && !many) this.#tooMany();
    if (named.size > 0 && !anyNamed) this.#onlyKnown();
  }

  #tooMany(): never {
    const { length } = this.#parameters.names;
    const most = `${length} argument${length === 1 ? '' : 's'}`;
    throw new PythonError(`${this.#name}() takes at most ${most} (${this.#positional.length} given)`);
  }

  #onlyKnown(): void {
    for (const name of this.#named.keys()) {
      if (this.#parameters.names.includes(name)) continue;
      throw new PythonError(`${this.#name}() got an unexpected keyword argument '${name}'`);
    }
  }

  /** The argument as it was given, maybe undefined in the template's sense; `undefined` when not given. */
  raw(name: string): Term | undefined {
    const index = this.#parameters.names.indexOf(name);
    return (index >= 0 ? this.#positional[index] : undefined) ?? this.#named.get(name) ?? this.#null(name, index);
  }

  /** None that was given, which `??` takes for nothing. */
  #null(name: string, index: number): null | undefined {
    return (index >= 0 && this.#positional[index] === null) || this.#named.get(name) === null ? null : undefined;
  }

  get(name: string): Term | undefined {
    const term = this.raw(name);
    if (term !== undefined) demand(term);
    return term;
  }

  required(name: string): Term {
    const term = this.get(name);
    if (term === undefined) throw new PythonError(`${this.#name}() missing required argument: '${name}'`);
    return term;
  }

  #given(name: string, fallback: unknown): Term | undefined {
    if (fallback === undefined) return this.required(name);
    return this.get(name) ?? undefined;
  }

  text(name: string, fallback?: string): string {
    const term = this.#given(name, fallback);
    return term === undefined ? (fallback ?? '') : str(term);
  }

  number(name: string, fallback?: number): number {
    const term = this.#given(name, fallback);
    return term === undefined ? (fallback ?? 0) : numberOf(term);
  }

  flag(name: string, fallback = false): boolean {
    const term = this.get(name) ?? undefined;
    return term === undefined ? fallback : truthy(term);
  }

  list(name: string): readonly Term[] {
    return itemsOf(this.required(name));
  }

  /** Positional arguments beyond the named ones. */
  get rest(): readonly Term[] {
    return this.#positional.slice(this.#parameters.names.length);
  }

  /** Named arguments beyond the known ones. */
  get others(): Named {
    if (this.#named.size === 0) return NO_NAMED;
    return new Map([...this.#named].filter(([name]) => !this.#parameters.names.includes(name)));
  }
}
