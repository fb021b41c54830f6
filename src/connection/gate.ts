/** Lets so many in at the same time; the others wait outside, first come, first served. */

export class Gate {
  readonly #width: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(width: number) {
    this.#width = width;
  }

  /** Nobody is inside, so nobody waits. */
  get deserted(): boolean {
    return this.#inside === 0;
  }

  /** @param outside who waits is waited for by this. */
  async through<T>(work: () => Promise<T>, outside = (entering: Promise<void>) => entering): Promise<T> {
    if (this.#inside < this.#width) this.#inside++;
    else await outside(new Promise<void>((enter) => this.#waiting.push(enter)));
    try {
      return await work();
    } finally {
      // Who comes in next takes the place of who goes.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inside--;
    }
  }
}
