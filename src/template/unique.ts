import { equal } from '../value/compare.ts';
import { isNumeric, toNumber } from '../value/number.ts';
import { demand, type Term } from '../value/term.ts';

/** Equal terms with a hash have the same one; the others must be compared. */
function hashOf(term: Term): string | undefined {
  if (typeof term === 'string') return `s${term}`;
  if (term === null) return 'none';
  return isNumeric(term) && typeof term !== 'bigint' ? `n${toNumber(term)}` : undefined;
}

/** A set of terms by Python's `==`. */
export class TermSet {
  readonly #hashes = new Set<string>();
  readonly #others: Term[] = [];

  constructor(terms: Iterable<Term> = []) {
    for (const term of terms) this.add(term);
  }

  has(term: Term): boolean {
    demand(term);
    const hash = hashOf(term);
    return hash === undefined ? this.#others.some((other) => equal(other, term)) : this.#hashes.has(hash);
  }

  /** False when it was there already. */
  add(term: Term): boolean {
    if (this.has(term)) return false;
    const hash = hashOf(term);
    if (hash === undefined) this.#others.push(term);
    else this.#hashes.add(hash);
    return true;
  }
}

/** Items whose key was not there before. */
export function unique(items: readonly Term[], key: (item: Term) => Term = (item) => item): Term[] {
  const seen = new TermSet();
  return items.filter((item) => seen.add(key(item)));
}
