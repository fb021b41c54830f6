/** The sessions of a run: one per way to a host, opened when first needed and kept until the end. */

import type { Connect, Target } from '../connection/connection.ts';
import { Session } from '../connection/session.ts';

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #connect: Connect | undefined;

  constructor(connect?: Connect) {
    this.#connect = connect;
  }

  of(target: Target): Session {
    const key = JSON.stringify(target);
    let session = this.#sessions.get(key);
    if (!session) {
      session = new Session(target, undefined, this.#connect);
      this.#sessions.set(key, session);
    }
    return session;
  }

  /** Ends one; the next task opens it anew (`meta: reset_connection`, a reboot). */
  async reset(target: Target): Promise<void> {
    const key = JSON.stringify(target);
    const session = this.#sessions.get(key);
    this.#sessions.delete(key);
    await session?.close();
  }

  /** Ends what runs on the hosts now. */
  async cancel(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.cancel()));
  }

  async close(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(sessions.map((session) => session.close()));
  }
}
