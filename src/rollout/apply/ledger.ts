/** The state while a rollout goes on: changed here, and kept before anybody relies on the change. */

import type { FleetState, RolloutState, SlotState, State } from '../state/state.ts';

/** Keeps a state durably, as a whole; throws when it cannot. */
export type KeepState = (state: State) => Promise<void>;

export class Ledger {
  #state: State;
  readonly #keep: KeepState;
  #kept: Promise<void> = Promise.resolve();
  /** The write that will hold what is changed now. */
  #next: Promise<void> | undefined;
  #broken: { readonly error: unknown } | undefined;

  constructor(state: State, keep: KeepState) {
    this.#state = state;
    this.#keep = keep;
  }

  get state(): State {
    return this.#state;
  }

  /**
   * Resolves when the change is kept. Changes that come while a write is under way go into the next one together. After a
   * write that failed nothing is changed any more.
   */
  change(update: (state: State) => State): Promise<void> {
    if (this.#broken) return Promise.reject(this.#broken.error);
    this.#state = update(this.#state);
    if (!this.#next) {
      this.#kept = this.#write(this.#kept);
      this.#next = this.#kept;
    }
    return this.#next;
  }

  async #write(before: Promise<void>): Promise<void> {
    await before;
    this.#next = undefined;
    if (this.#broken) throw this.#broken.error;
    this.#state = { ...this.#state, serial: this.#state.serial + 1 };
    try {
      await this.#keep(this.#state);
    } catch (error) {
      this.#broken = { error };
      throw error;
    }
  }
}

/** What a fleet's slots and rollout are, and change to. */
export class FleetLedger {
  readonly #ledger: Ledger;
  readonly name: string;

  constructor(ledger: Ledger, name: string) {
    this.#ledger = ledger;
    this.name = name;
  }

  get fleet(): FleetState {
    const fleet = this.#ledger.state.fleets[this.name];
    if (!fleet) throw new Error(`the state has no fleet ${this.name}`);
    return fleet;
  }

  get rollout(): RolloutState {
    const { rollout } = this.fleet;
    if (!rollout) throw new Error(`no rollout of ${this.name} is under way`);
    return rollout;
  }

  slot(index: number): SlotState {
    return this.fleet.slots[index] ?? EMPTY;
  }

  change(update: (fleet: FleetState) => FleetState): Promise<void> {
    return this.#ledger.change((state) => {
      const fleet = state.fleets[this.name];
      return fleet ? { ...state, fleets: { ...state.fleets, [this.name]: update(fleet) } } : state;
    });
  }
}

const EMPTY: SlotState = { deposed: [], volumes: {} };

/** A slot that holds nothing is not there. */
export function withSlot(fleet: FleetState, index: number, update: (slot: SlotState) => SlotState): FleetState {
  const { [index]: before = EMPTY, ...others } = fleet.slots;
  const slot = update(before);
  const isEmpty = !slot.current && slot.deposed.length === 0 && Object.keys(slot.volumes).length === 0;
  return { ...fleet, slots: isEmpty ? others : { ...others, [index]: slot } };
}
