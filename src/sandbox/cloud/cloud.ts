/** What all actions share: the state, the machine that it all runs on, and the work that goes on after an answer. */

import type { Home } from '../home.ts';
import type { Subnet } from '../subnet.ts';
import type { Addresses } from './balancing/addresses.ts';
import { Balancing } from './balancing/balancing.ts';
import { withDefaultNetworks } from './default-network.ts';
import { Disks } from './disks.ts';
import type { Machines } from './machines.ts';
import { Region } from './region.ts';
import type { Store } from './store.ts';

export interface CloudOptions {
  readonly store: Store;
  readonly home: Home;
  readonly subnet: Subnet;
  readonly machines: Machines;
  readonly addresses: Addresses;
  /** Called with errors of background work that no client can be told of. */
  readonly onError: (title: string, error: unknown) => void;
}

export class Cloud {
  readonly store: Store;
  readonly home: Home;
  readonly subnet: Subnet;
  readonly machines: Machines;
  readonly disks: Disks;
  readonly balancing: Balancing;
  readonly #onError: (title: string, error: unknown) => void;
  readonly #jobs = new Set<Promise<void>>();

  constructor({ store, home, subnet, machines, addresses, onError }: CloudOptions) {
    this.store = store;
    this.home = home;
    this.subnet = subnet;
    this.machines = machines;
    this.disks = new Disks(home);
    this.balancing = new Balancing(this, addresses);
    this.#onError = onError;
    store.seed((state) => withDefaultNetworks(state, subnet.network));
  }

  /** A region for work in the background: without delay. */
  region(name: string): Region {
    return new Region({ store: this.store, name, delay: 0, dryRun: false });
  }

  /** Goes on with `work` after the answer, and keeps the state that it leaves. It must settle its own failures. */
  later(title: string, work: () => Promise<void>): void {
    const job = work()
      .then(() => this.store.flush())
      .catch((error: unknown) => this.#onError(title, error))
      .finally(() => this.#jobs.delete(job));
    this.#jobs.add(job);
  }

  /** Resolves when nothing goes on in the background. */
  async idle(): Promise<void> {
    while (this.#jobs.size > 0) await Promise.all(this.#jobs);
  }
}
