/** Asks for many things in few calls: what is asked for within a moment is asked for together. */

import { setTimeout as sleep } from 'node:timers/promises';

export interface TogetherOptions<Answer> {
  /** All that is asked for in one call; gives what it found, by key. */
  readonly call: (keys: readonly string[]) => Promise<ReadonlyMap<string, Answer>>;
  /** Keys in one call. */
  readonly most: number;
  /** Milliseconds to wait for others; default 25. */
  readonly moment?: number;
}

export class Together<Answer> {
  readonly #options: TogetherOptions<Answer>;
  #gathering: { readonly keys: Set<string>; readonly answers: Promise<ReadonlyMap<string, Answer>> } | undefined;

  constructor(options: TogetherOptions<Answer>) {
    this.#options = options;
  }

  /** Undefined: there is no such thing. Throws what the call throws. */
  async ask(key: string): Promise<Answer | undefined> {
    const keys = this.#gathering?.keys ?? new Set();
    this.#gathering ??= { keys, answers: this.#call(keys) };
    keys.add(key);
    return (await this.#gathering.answers).get(key);
  }

  async #call(keys: ReadonlySet<string>): Promise<ReadonlyMap<string, Answer>> {
    const { call, most, moment = 25 } = this.#options;
    await sleep(moment);
    this.#gathering = undefined;
    const all = [...keys];
    const found = new Map<string, Answer>();
    for (let start = 0; start < all.length; start += most) {
      for (const [key, answer] of await call(all.slice(start, start + most))) found.set(key, answer);
    }
    return found;
  }
}
