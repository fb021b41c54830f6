/**
 * Thrown where a task that was begun before its turn comes upon what is not there yet. It is no Error: what explains
 * errors is to let it pass.
 */
export class NotYet {
  /** When it is worth trying again. Never rejects. */
  readonly until: Promise<void>;

  constructor(until: Promise<void>) {
    this.until = until;
  }
}

/** Does what can be done now; what comes upon something that is not there yet is done anew when it is. */
export async function inTime<T>(work: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      await error.until;
    }
  }
}
