/** Slots that are alike, as numbers: what is found out of one holds for all of them. */

import { decide, type Work } from './decide.ts';
import { effect } from './effect.ts';
import { PHASES, type Phase, programOf, type Way } from './program.ts';
import { type Fit, isServed, keyOf, membersOf, type Slot } from './slot.ts';

export type Class = number;

/** A way through a slot's work: what the slot is after each phase. */
export interface Trace {
  readonly phases: readonly Phase[];
  /** Indexes into PHASES, rising. */
  readonly order: readonly number[];
  readonly after: readonly Class[];
  readonly end: Class;
}

const ORDER = new Map<Phase, number>(PHASES.map((phase, index) => [phase, index]));

export class Model {
  readonly #made: Fit;
  readonly #classes = new Map<string, Class>();
  readonly #slots: Slot[] = [];
  readonly #works: Work[] = [];
  readonly #served: number[] = [];
  readonly #there: number[] = [];
  readonly #traces = new Map<string, Trace>();

  /** @param made what the way back makes of instances that are launched */
  constructor(made: Fit) {
    this.#made = made;
  }

  classOf(slot: Slot): Class {
    const key = keyOf(slot);
    const known = this.#classes.get(key);
    if (known !== undefined) return known;
    const one = this.#slots.length;
    this.#classes.set(key, one);
    this.#slots.push(slot);
    this.#works.push(decide(slot));
    this.#served.push(isServed(slot) ? 1 : 0);
    this.#there.push(membersOf(slot).length);
    return one;
  }

  slot(one: Class): Slot {
    return this.#slots[one]!;
  }

  work(one: Class): Work {
    return this.#works[one]!;
  }

  /** 1 where it is in service, else 0. */
  served(one: Class): number {
    return this.#served[one]!;
  }

  /** How many instances it has. */
  there(one: Class): number {
    return this.#there[one]!;
  }

  trace(one: Class, way: Way): Trace {
    const key = `${one} ${way}`;
    const known = this.#traces.get(key);
    if (known) return known;
    const work = this.work(one);
    let slot = this.slot(one);
    const phases = programOf(slot, work, way);
    const after = phases.map((phase) => {
      slot = effect(slot, phase, work.restored, this.#made);
      return this.classOf(slot);
    });
    const order = phases.map((phase) => ORDER.get(phase)!);
    if (order.some((place, index) => place <= (order[index - 1] ?? -1))) throw new Error(`out of order: ${phases}`);
    const trace = { phases, order, after, end: after.at(-1) ?? one };
    this.#traces.set(key, trace);
    return trace;
  }
}
