import type { Term } from '../value/term.ts';
import type { Runtime } from './runtime.ts';

/** Names set by the template itself: one frame a loop, macro, block or `with`. */
export class Frame {
  readonly runtime: Runtime;
  readonly #parent: Frame | undefined;
  #names: Map<string, Term> | undefined;

  constructor(runtime: Runtime, parent?: Frame) {
    this.runtime = runtime;
    this.#parent = parent;
  }

  get(name: string, position: number): Term {
    for (let frame: Frame | undefined = this; frame !== undefined; frame = frame.#parent) {
      const term = frame.#names?.get(name);
      if (term !== undefined) return term;
    }
    return this.runtime.variable(name, position);
  }

  set(name: string, term: Term): void {
    this.#names ??= new Map();
    this.#names.set(name, term);
  }

  /** Forgets the names of the last iteration. */
  clear(): void {
    this.#names?.clear();
  }

  /** The names set in this very frame, as an imported template exports them. */
  exports(): ReadonlyMap<string, Term> {
    return this.#names ?? new Map();
  }
}
