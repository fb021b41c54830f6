/** Programs of a host that are under way together: its shell runs them one after the other, and none behind one that failed. */

import type { Answer, Channel } from '../connection/channel.ts';

export class Train {
  /** Number of its first task, the one that was begun in its turn. */
  readonly first: number;
  #channel: Channel | undefined;
  #failed: number | undefined;
  #lost = false;
  /** How many programs that may change the host were sent. */
  #changes = 0;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(first: number) {
    this.first = first;
  }

  /** Whether the host refuses a task, because a program of an earlier one failed. */
  refuses(task: number): boolean {
    return this.#failed !== undefined && this.#failed < task;
  }

  /** Whether nothing more may be sent before its turn. */
  get halted(): boolean {
    return this.#failed !== undefined || this.#lost;
  }

  /** Whether a channel is the one that all have gone by: only then they are done in the order in which they are sent. */
  goesBy(channel: Channel): boolean {
    return this.#channel === undefined || this.#channel === channel;
  }

  /** Goes on by a channel, which may be another when all that was sent has been answered. */
  async change(channel: Channel): Promise<void> {
    if (!this.goesBy(channel)) await this.idle();
    this.#channel = channel;
  }

  /** Differs from what it was where the host may have been changed since. */
  get changes(): number {
    return this.#changes;
  }

  /** @param changes whether the program may change the host. */
  sent(task: number, answer: Promise<Answer>, changes: boolean): void {
    if (changes) this.#changes++;
    const known = answer.then(
      ({ rc, refused }) => {
        if (rc !== 0 && !refused) this.#failed ??= task;
      },
      () => {
        this.#lost = true;
      },
    );
    this.#underWay.add(known);
    void known.then(() => this.#underWay.delete(known));
  }

  get busy(): boolean {
    return this.#underWay.size > 0;
  }

  /** Settles when all that was sent has been answered. */
  async idle(): Promise<void> {
    while (this.busy) await Promise.all(this.#underWay);
  }
}
