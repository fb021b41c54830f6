/** Texts that are shown nowhere, told to whoever must look for them (a bake, on the disk that becomes an image). */

/** Shorter ones would be found everywhere. */
const SHORTEST = 4;

export class Secrets {
  readonly #tell: ((value: string) => void) | undefined;
  readonly #told = new Set<string>();

  /** @param tell each text once; without it nothing is collected. */
  constructor(tell: ((value: string) => void) | undefined) {
    this.#tell = tell;
  }

  get wanted(): boolean {
    return this.#tell !== undefined;
  }

  add(texts: readonly (string | undefined)[]): void {
    for (const text of texts) {
      if (text === undefined || text.trim().length < SHORTEST || this.#told.has(text)) continue;
      this.#told.add(text);
      this.#tell?.(text);
    }
  }
}
