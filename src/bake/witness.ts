/** What is seen of the play on the build machine, for the fingerprint and the manifest. It is in this process only. */

import type { PlayEvent } from '../play/events.ts';
import type { Read } from '../play/reads.ts';
import type { HostRead } from './fingerprint.ts';

export class Witness {
  #reads: HostRead[] = [];
  #events: PlayEvent[] = [];

  get reads(): readonly HostRead[] {
    return this.#reads;
  }

  /** How tasks and items ended. */
  get events(): readonly PlayEvent[] {
    return this.#events;
  }

  /** Forgets all: a play begins. */
  begin(): void {
    this.#reads = [];
    this.#events = [];
  }

  read(host: string, read: Read): void {
    this.#reads.push({ host, read });
  }

  see(event: PlayEvent): void {
    if (event.type === 'result' || event.type === 'item') this.#events.push(event);
  }
}
