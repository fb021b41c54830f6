/**
 * The simulator: every step of a schedule fails, or is where everything is killed, or is when an instance dies or falls ill;
 * then comes the way back. Capacity must keep the promise all the while, and in the end every slot must be whole.
 * Slots that are alike stand for one another, so what is tried are numbers of slots, and not one slot after the other.
 */

import { type Class, Model } from './model.ts';
import { PHASES, type Phase } from './program.ts';
import { type Counts, type Limits, type Pick, type Run, schedule } from './schedule.ts';
import { type Fit, isServed, type Member, type Slot } from './slot.ts';
import { type Extent, move, totals, walk } from './walk.ts';

export interface Flaw {
  /** The step that failed, or during which an instance was lost; undefined: none had to. */
  readonly phase: Phase | undefined;
  readonly loss: 'died' | 'fell ill' | undefined;
  readonly problem: 'capacity' | 'instances' | 'stuck' | 'unfinished';
  readonly found: number;
  readonly promised: number;
}

export interface Proof {
  readonly flaw: Flaw | undefined;
  /** How many failures were tried, and how many different states they left. */
  readonly failures: number;
  readonly states: number;
}

export interface Claim {
  readonly model: Model;
  readonly counts: Counts;
  readonly runs: readonly Run[];
  readonly promise: Extent;
  /** Of the way back. */
  readonly limits: Limits;
  /** False: where something fails, all stays as it is. */
  readonly goesBack: boolean;
}

export function prove(claim: Claim): Proof {
  return new Prover(claim).prove();
}

class Prover {
  readonly #claim: Claim;
  readonly #back = new Model('fits');
  readonly #faces = new Map<Class, Class>();
  readonly #tried = new Set<string>();
  #failures = 0;
  #flaw: Flaw | undefined;

  constructor(claim: Claim) {
    this.#claim = claim;
  }

  prove(): Proof {
    const now = new Map(this.#claim.counts);
    for (const { picks, times } of this.#claim.runs) {
      const { model } = this.#claim;
      const paths = picks.map((pick) => ({ pick, classes: model.trace(pick.class, pick.way).path }));
      for (let time = 0; time < times && !this.#flaw; time += 1) {
        this.#failuresIn(paths, now);
        for (const { pick, classes } of paths) move(now, pick.class, classes.at(-1)!, pick.size);
        this.#fail(now, undefined);
      }
    }
    return { flaw: this.#flaw, failures: this.#failures, states: this.#tried.size };
  }

  /** In each phase: any number of slots are through when it ends; and all but one of each kind. */
  #failuresIn(paths: readonly { readonly pick: Pick; readonly classes: readonly Class[] }[], start: Counts): void {
    const before = new Map(start);
    for (const [index, phase] of PHASES.entries()) {
      const steps = paths.filter(({ pick, classes }) => (classes[index - 1] ?? pick.class) !== classes[index]);
      // A step that leaves the slot as it is fails as one that was not begun.
      const silent = paths.reduce((sum, { pick }) => sum + (this.#has(pick, phase) ? pick.size : 0), 0);
      this.#failures += silent;
      if (steps.length === 0) {
        if (silent > 0) this.#fail(before, phase);
        continue;
      }
      const partly = new Map(before);
      for (const { pick, classes } of steps) {
        const [from, to] = [classes[index - 1] ?? pick.class, classes[index]!];
        for (let done = 0; done < pick.size; done += 1) {
          this.#fail(partly, phase);
          move(partly, from, to, 1);
        }
      }
      for (const { pick, classes } of steps) {
        const but = new Map(partly);
        move(but, classes[index]!, classes[index - 1] ?? pick.class, 1);
        this.#fail(but, phase);
      }
      for (const [one, size] of partly) before.set(one, size);
      for (const one of [...before.keys()]) if (!partly.has(one)) before.delete(one);
      this.#fail(before, phase);
    }
  }

  #has({ class: one, way }: Pick, phase: Phase): boolean {
    return this.#claim.model.trace(one, way).phases.includes(phase);
  }

  /** All ends here, by itself or because an instance is lost in this moment. */
  #fail(counts: Counts, phase: Phase | undefined): void {
    if (this.#flaw) return;
    const key = signature(counts);
    if (this.#tried.has(key)) return;
    this.#tried.add(key);
    this.#goBack(counts, phase, undefined);
    for (const one of counts.keys()) {
      for (const { how, left } of this.#claim.model.losses(one)) {
        const without = new Map(counts);
        move(without, one, left, 1);
        this.#failures += 1;
        this.#goBack(without, phase, how);
      }
    }
  }

  #goBack(counts: Counts, phase: Phase | undefined, loss: Flaw['loss']): void {
    // One that is lost by itself is one below.
    const least = this.#claim.promise.least - (loss === undefined ? 0 : 1);
    const wrong = this.#wrongWith(counts, least);
    if (wrong) this.#flaw ??= { phase, loss, ...wrong };
  }

  #wrongWith(counts: Counts, least: number): Omit<Flaw, 'phase' | 'loss'> | undefined {
    const { model, limits, goesBack } = this.#claim;
    const { most } = this.#claim.promise;
    const now = totals(model, counts);
    if (now.served < least) return { problem: 'capacity', found: now.served, promised: least };
    if (now.there > most) return { problem: 'instances', found: now.there, promised: most };
    if (!goesBack) return undefined;
    const faced = this.#faced(counts);
    const { runs, stuck } = schedule(this.#back, faced, limits);
    if (stuck.length > 0) return { problem: 'stuck', found: now.served, promised: least };
    const way = walk(this.#back, faced, runs);
    if (way.least < least) return { problem: 'capacity', found: way.least, promised: least };
    if (way.most > most) return { problem: 'instances', found: way.most, promised: most };
    const unfinished = [...way.end].filter(([one, size]) => size > 0 && !isWhole(this.#back.slot(one)));
    if (unfinished.length === 0) return undefined;
    return { problem: 'unfinished', found: unfinished.reduce((sum, [, size]) => sum + size, 0), promised: 0 };
  }

  /** The same slots, as the way back sees them. */
  #faced(counts: Counts): Counts {
    const faced = new Map<Class, number>();
    for (const [one, size] of counts) {
      let other = this.#faces.get(one);
      if (other === undefined) {
        other = this.#back.classOf(faceBack(this.#claim.model.slot(one)));
        this.#faces.set(one, other);
      }
      faced.set(other, (faced.get(other) ?? 0) + size);
    }
    return faced;
  }
}

function faceBack(slot: Slot): Slot {
  const face = (one: Member): Member => ({ ...one, fit: one.home, home: 'fits' });
  return { ...slot, current: slot.current && face(slot.current), deposed: slot.deposed.map(face) };
}

/** What is wanted, alone, with its volumes, and in service as far as that is in our hands. */
function isWhole(slot: Slot): boolean {
  const { wanted, current, deposed, moves, gone } = slot;
  if (deposed.length > 0 || gone) return false;
  if (!wanted) return current === undefined;
  if (current === undefined || !isFit(current.fit)) return false;
  return current.ill || (isServed(slot) && (!moves || current.holds));
}

const isFit = (fit: Fit): boolean => fit === 'fits';

function signature(counts: Counts): string {
  let text = '';
  for (const one of [...counts.keys()].sort((a, b) => a - b)) {
    const size = counts.get(one)!;
    if (size > 0) text += `${one}:${size} `;
  }
  return text;
}
