/** How far a task, or an item of its loop, is on its way to the host: what comes after it goes by this. */

export class Departure {
  /**
   * Settles when all that the host is to do for it and for what comes before it is on its way, with true; with false
   * where one of them was over without that. Never rejects.
   */
  readonly sent: Promise<boolean>;
  /** As `sent`, or true when it has looked at the host and is still to decide. */
  readonly looking: Promise<boolean>;
  /** To be called when all that the host is to do for it is on its way, and nothing speaks against what comes after. */
  readonly onSent: () => void;
  /** To be called when a look at the host is on its way. */
  readonly onLook: () => void;
  #isSent = false;
  #over: () => void = () => undefined;

  /** @param before undefined where all that comes before is done. */
  constructor(before: Departure | undefined) {
    let tell: (well: boolean) => void = () => undefined;
    const own = new Promise<boolean>((resolve) => {
      tell = resolve;
    });
    let look: () => void = () => undefined;
    const looked = new Promise<boolean>((resolve) => {
      look = () => resolve(true);
    });
    this.onSent = () => {
      this.#isSent = true;
      tell(true);
    };
    this.onLook = look;
    this.#over = () => tell(false);
    this.sent = before ? Promise.all([before.sent, own]).then((all) => all.every(Boolean)) : own;
    this.looking = Promise.race([looked, this.sent]);
  }

  /** Whether it was told to be on its way. */
  get isSent(): boolean {
    return this.#isSent;
  }

  /** Follows the work itself: what ends without having been sent never will be. */
  follow(done: Promise<unknown>): void {
    done.then(this.#over, this.#over);
  }
}
