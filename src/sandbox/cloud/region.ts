/** One region of the cloud, as an action sees it: with the consistency delay, and without effect in a dry run. */

import { ApiError } from './protocol/api-error.ts';
import { notFound, shapeOfId } from './resource-ids.ts';
import { type Ec2Kind, EMPTY_REGION, type Kind, type Kinds, type RegionState } from './state.ts';
import type { Store } from './store.ts';

export interface RegionOptions {
  readonly store: Store;
  readonly name: string;
  /** By how many milliseconds what is shown is older than what is. */
  readonly delay: number;
  /** Then the first change ends the action with `DryRunOperation`. */
  readonly dryRun: boolean;
}

export class Region {
  readonly name: string;
  readonly #store: Store;
  readonly #delay: number;
  readonly #dryRun: boolean;

  constructor({ store, name, delay, dryRun }: RegionOptions) {
    this.name = name;
    this.#store = store;
    this.#delay = delay;
    this.#dryRun = dryRun;
  }

  /** What is. */
  get state(): RegionState {
    return this.#store.state.regions[this.name] ?? EMPTY_REGION;
  }

  /** What an action may know of: older than what is by the consistency delay. */
  get seen(): RegionState {
    return this.#store.seen(this.#delay).regions[this.name] ?? EMPTY_REGION;
  }

  /** All records of a kind that can be seen, the oldest first. */
  all<K extends Kind>(kind: K): readonly Kinds[K][] {
    return Object.values<Kinds[K]>(this.seen[kind]).sort((a, b) => a.createdAt - b.createdAt);
  }

  /** The record as it is, if it can be seen; throws the ApiErrors `….NotFound` and `….Malformed` of its kind. */
  find<K extends Ec2Kind>(kind: K, id: string): Kinds[K] {
    const record: Kinds[K] | undefined = this.state[kind][id];
    if (record !== undefined && this.seen[kind][id] !== undefined) return record;
    throw shapeOfId(kind, id) ?? notFound(kind, [id]);
  }

  /** Adds a record, or replaces the one with its id. */
  put<K extends Kind>(kind: K, record: Kinds[K]): void {
    this.update((region) => ({ ...region, [kind]: { ...region[kind], [record.id]: record } }));
  }

  /** Changes the record `id` as it is at this moment; one that is gone stays gone. */
  change<K extends Kind>(kind: K, id: string, change: (record: Kinds[K]) => Kinds[K]): void {
    this.update((region) => {
      const record: Kinds[K] | undefined = region[kind][id];
      return record === undefined ? region : { ...region, [kind]: { ...region[kind], [id]: change(record) } };
    });
  }

  remove(kind: Kind, id: string): void {
    this.update((region) => {
      const kept = Object.entries(region[kind]).filter(([other]) => other !== id);
      return { ...region, [kind]: Object.fromEntries(kept) };
    });
  }

  update(change: (region: RegionState) => RegionState): void {
    if (this.#dryRun)
      throw new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
    this.#store.update((state) => {
      const region = state.regions[this.name] ?? EMPTY_REGION;
      return { ...state, regions: { ...state.regions, [this.name]: change(region) } };
    });
  }
}
