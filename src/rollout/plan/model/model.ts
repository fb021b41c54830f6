/** Slots that are alike, as numbers: what is found out of one holds for all of them. */

import { decide, type Work } from './decide.ts';
import { effect } from './effect.ts';
import { PHASES, type Phase, programOf, WAYS, type Way } from './program.ts';
import { type Fit, isServed, keyOf, membersOf, type Slot } from './slot.ts';

export type Class = number;

/** A way through a slot's work: what the slot is after each phase. */
export interface Trace {
  readonly phases: readonly Phase[];
  /** What it is after each of PHASES, those in which nothing is done to it too. */
  readonly path: readonly Class[];
  readonly end: Class;
}

/** An instance of a slot that is lost by itself, and what the slot is then. */
export interface Loss {
  readonly how: 'died' | 'fell ill';
  readonly left: Class;
}

const ORDER = new Map<Phase, number>(PHASES.map((phase, index) => [phase, index]));

export class Model {
  readonly #made: Fit;
  readonly #classes = new Map<string, Class>();
  readonly #slots: Slot[] = [];
  readonly #works: Work[] = [];
  readonly #served: number[] = [];
  readonly #there: number[] = [];
  readonly #traces = new Map<number, Trace>();
  readonly #losses = new Map<Class, readonly Loss[]>();

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
    const key = one * WAYS.length + WAYS.indexOf(way);
    const known = this.#traces.get(key);
    if (known) return known;
    const work = this.work(one);
    const phases = programOf(this.slot(one), work, way);
    const order = phases.map((phase) => ORDER.get(phase)!);
    if (order.some((place, index) => place <= (order[index - 1] ?? -1))) throw new Error(`out of order: ${phases}`);
    let slot = this.slot(one);
    let now = one;
    const path = PHASES.map((phase, index) => {
      if (order.includes(index)) {
        slot = effect(slot, phase, work.restored, this.#made);
        now = this.classOf(slot);
      }
      return now;
    });
    const trace = { phases, path, end: now };
    this.#traces.set(key, trace);
    return trace;
  }

  /** One instance that serves dies or is called unhealthy, or one that is set aside dies. */
  losses(one: Class): readonly Loss[] {
    const known = this.#losses.get(one);
    if (known) return known;
    const losses = lossesOf(this.slot(one)).map(([how, slot]): Loss => ({ how, left: this.classOf(slot) }));
    this.#losses.set(one, losses);
    return losses;
  }
}

function lossesOf(slot: Slot): readonly (readonly [how: Loss['how'], slot: Slot])[] {
  const { current, deposed } = slot;
  const died = deposed.map((_, index) => {
    const left = deposed.filter((__, other) => other !== index);
    return ['died', { ...slot, gone: true, deposed: left }] as const;
  });
  if (!current?.serves) return died;
  const ill = { ...current, serves: false, ill: true };
  return [['died', { ...slot, current: undefined, gone: true }], ['fell ill', { ...slot, current: ill }], ...died];
}
