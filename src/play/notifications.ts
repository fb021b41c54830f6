/** Which handlers were notified for which hosts. */

import { cached } from './cached.ts';
import type { Handler } from './handlers.ts';
import type { HostState } from './host-state.ts';

export class Notifications {
  readonly #waiting = new Map<string, Set<HostState>>();

  add({ key }: Handler, host: HostState): boolean {
    const hosts = cached(this.#waiting, key, () => new Set<HostState>());
    if (hosts.has(host)) return false;
    hosts.add(host);
    return true;
  }

  /** Takes the hosts that wait for a handler, and forgets them. */
  take({ key }: Handler, among: readonly HostState[]): readonly HostState[] {
    const hosts = this.#waiting.get(key);
    if (!hosts) return [];
    const taken = among.filter((host) => hosts.has(host));
    for (const host of taken) hosts.delete(host);
    return taken;
  }

  waits({ key }: Handler, host: HostState): boolean {
    return this.#waiting.get(key)?.has(host) ?? false;
  }

  forget(host: HostState): void {
    for (const hosts of this.#waiting.values()) hosts.delete(host);
  }
}
