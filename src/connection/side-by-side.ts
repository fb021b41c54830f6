/** Work that goes on side by side as far as it may: what fails beside others is tried again when it is alone. */

import { Gate } from './gate.ts';

export class SideBySide {
  readonly #wide: Gate;
  readonly #alone = new Gate(1);
  readonly #running = new Set<Promise<unknown>>();

  /** @param width how much of it at a time. */
  constructor(width: number) {
    this.#wide = new Gate(width);
  }

  /** Rejects as `work` does, when it does so alone, or while no other went on. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    let crowded = false;
    try {
      return await this.#wide.through(async () => {
        crowded = this.#running.size > 0;
        return await this.#note(work());
      });
    } catch (error) {
      if (!crowded && this.#running.size === 0) throw error;
    }
    return this.#alone.through(async () => {
      await Promise.allSettled(this.#running);
      return this.#note(work());
    });
  }

  async #note<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }
}
