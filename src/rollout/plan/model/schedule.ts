/** The order of all work: batches that keep the promise, each as large as the strategy lets it be. */

import type { Amounts } from '../../../config/amounts.ts';
import type { Class, Model } from './model.ts';
import type { Way } from './program.ts';

export interface Limits extends Amounts {
  /** How many slots at a time; undefined: as many as the amounts let. */
  readonly hold: boolean;
  /** Percentages after which it stops. */
  readonly checkpoints: readonly number[];
  /** On the way back nothing waits, and instances that fell ill by themselves do not count as missing. */
  readonly isBack: boolean;
}

/** Slots of one class that are worked on at the same time. */
export interface Pick {
  readonly class: Class;
  readonly way: Way;
  readonly size: number;
}

/** Batches that are alike, one after the other. */
export interface Run {
  readonly kind: 'canary' | 'batch' | 'all' | 'end';
  readonly picks: readonly Pick[];
  readonly times: number;
  /** How many slots of each batch come to what is wanted. */
  readonly progress: number;
  /** After the last of them. */
  readonly checkpoint: number | undefined;
}

export interface Schedule {
  readonly runs: readonly Run[];
  /** Classes for which there is neither room for one more instance nor one that may be missed. */
  readonly stuck: readonly Class[];
}

/** How many slots are of each class. */
export type Counts = ReadonlyMap<Class, number>;

export function schedule(model: Model, counts: Counts, limits: Limits): Schedule {
  return new Scheduler(model, counts, limits).schedule();
}

class Scheduler {
  readonly #model: Model;
  readonly #limits: Limits;
  readonly #left: Map<Class, number>;
  readonly #runs: Run[] = [];
  #served = 0;
  #there = 0;
  /** Never fewer in service, never more there. */
  #least: number;
  readonly #most: number;
  #ill = 0;
  #done = 0;
  #all = 0;

  constructor(model: Model, counts: Counts, limits: Limits) {
    this.#model = model;
    this.#limits = limits;
    this.#left = new Map(counts);
    let extra = 0;
    for (const [one, size] of counts) {
      const slot = model.slot(one);
      this.#served += model.served(one) * size;
      this.#there += model.there(one) * size;
      if (!slot.wanted) extra += model.there(one) * size;
      if (slot.current?.ill && model.work(one).kind === undefined) this.#ill += size;
    }
    this.#least = limits.count - limits.unavailable;
    this.#most = limits.count + limits.surge + extra;
  }

  schedule(): Schedule {
    const isEmpty = this.#there === 0;
    this.#settle();
    this.#atOnce((one) => this.#isFree(one));
    const replaced = this.#classes((one) => ['replace', 'update', 'restore'].includes(this.#kind(one) ?? ''));
    // Without others, all are of what serves already, or nothing does.
    if (replaced.length === 0) this.#creations(isEmpty ? 'all' : 'batch');
    this.#all = this.#sizeOf(this.#classes((one) => this.#isProgress(one)));
    for (let stuck = this.#next(); this.#all > this.#done; stuck = this.#next()) {
      if (stuck.length === 0) continue;
      if (!this.#limits.isBack || this.#ill === 0) return { runs: this.#runs, stuck };
      this.#least -= this.#ill;
      this.#ill = 0;
    }
    this.#atOnce((one) => this.#kind(one) === 'delete');
    this.#end();
    return { runs: this.#runs, stuck: [] };
  }

  /** Where others are left over beside one that is to be replaced: they go, and what is then left is looked at again. */
  #settle(): void {
    this.#atOnce((one) => this.#kind(one) === 'settle');
  }

  /** Neither launches anything nor takes anything out of service. */
  #isFree(one: Class): boolean {
    const { kind, loses } = this.#model.work(one);
    return kind === 'clean' || ((kind === 'finish' || kind === 'restore') && !loses);
  }

  #atOnce(isMeant: (one: Class) => boolean): void {
    const picks = this.#classes(isMeant).map((one): Pick => ({ class: one, way: 'only', size: this.#left.get(one)! }));
    if (picks.length > 0) this.#run({ kind: 'batch', picks, times: 1, progress: 0, checkpoint: undefined });
  }

  #creations(kind: Run['kind']): void {
    let room = this.#most - this.#there;
    const picks = this.#classes((one) => this.#kind(one) === 'create').flatMap((one): readonly Pick[] => {
      const size = Math.min(this.#left.get(one)!, room);
      room -= size;
      return size > 0 ? [{ class: one, way: 'only', size }] : [];
    });
    if (picks.length > 0) this.#run({ kind, picks, times: 1, progress: 0, checkpoint: undefined });
  }

  /** One batch, or several that are alike. Gives what is stuck. */
  #next(): readonly Class[] {
    const classes = this.#classes((one) => this.#isProgress(one));
    if (classes.length === 0) return [];
    const { size, kind, checkpoint } = this.#batchSize();
    const picks = this.#picks(classes, size);
    const progress = picks.reduce((sum, pick) => sum + pick.size, 0);
    if (progress === 0) return classes;
    const isLast = checkpoint !== undefined && this.#done + progress === this.#target(checkpoint);
    const times = this.#times(picks, progress, kind, checkpoint);
    const isReached =
      isLast || (checkpoint !== undefined && this.#done + progress * times === this.#target(checkpoint));
    this.#run({ kind, picks, times, progress, checkpoint: isReached ? checkpoint : undefined });
    return [];
  }

  /** Up to the end of the canary or the next checkpoint. */
  #batchSize(): { readonly size: number; readonly kind: Run['kind']; readonly checkpoint: number | undefined } {
    const { surge, unavailable, canary, checkpoints, isBack, hold } = this.#limits;
    const size = Math.max(1, surge + unavailable);
    if (isBack) return { size, kind: 'batch', checkpoint: undefined };
    const checkpoint = checkpoints.find((percent) => percent < 100 && this.#target(percent) > this.#done);
    const until = checkpoint === undefined ? size : Math.min(size, this.#target(checkpoint) - this.#done);
    if (this.#done < canary) return { size: Math.min(until, canary - this.#done), kind: 'canary', checkpoint };
    return { size: until, kind: hold ? 'all' : 'batch', checkpoint };
  }

  /** How many are done when this share of all is. */
  #target(percent: number): number {
    return Math.ceil((percent * this.#all) / 100);
  }

  #picks(classes: readonly Class[], size: number): readonly Pick[] {
    const picks: Pick[] = [];
    let slots = size;
    let room = this.#most - this.#there;
    let spare = this.#served - this.#least;
    const pick = (one: Class, way: Way, wanted: number, launches: number, loses: number): number => {
      const bounds = [wanted, slots, ...(launches ? [room] : []), ...(loses ? [spare] : [])];
      const taken = Math.max(0, Math.min(...bounds));
      if (taken === 0) return 0;
      picks.push({ class: one, way, size: taken });
      slots -= taken;
      room -= taken * launches;
      spare -= taken * loses;
      return taken;
    };
    for (const one of classes) {
      const { kind, served, loses } = this.#model.work(one);
      const left = this.#left.get(one)!;
      if (kind === 'create') pick(one, 'only', left, 1, 0);
      else if (kind !== 'replace') pick(one, 'only', left, 0, loses ? 1 : 0);
      else if (!served) pick(one, 'in-place', left, 0, 0);
      else {
        const early = pick(one, this.#limits.hold && !loses ? 'hold' : 'surge', left, 1, loses ? 1 : 0);
        pick(one, 'in-place', left - early, 0, 1);
      }
    }
    return picks;
  }

  /** A batch can follow that is the same, as long as all is of one class and nothing is different after it. */
  #times(picks: readonly Pick[], progress: number, kind: Run['kind'], checkpoint: number | undefined): number {
    const [first] = picks;
    if (first === undefined || picks.some((pick) => pick.class !== first.class)) return 1;
    for (const { class: one, way } of picks) {
      const { end } = this.#model.trace(one, way);
      if (this.#model.served(end) !== this.#model.served(one)) return 1;
      if (this.#model.there(end) !== this.#model.there(one)) return 1;
    }
    const bounds = [
      this.#left.get(first.class)!,
      ...(checkpoint === undefined ? [] : [this.#target(checkpoint) - this.#done]),
      ...(kind === 'canary' ? [this.#limits.canary - this.#done] : []),
    ];
    return Math.max(1, Math.floor(Math.min(...bounds) / progress));
  }

  /** What was held until now goes. */
  #end(): void {
    if (!this.#limits.hold) return;
    const held = new Map<Class, number>();
    for (const { picks, times } of this.#runs) {
      for (const { class: one, way, size } of picks) {
        if (way !== 'hold') continue;
        const { end } = this.#model.trace(one, way);
        held.set(end, (held.get(end) ?? 0) + size * times);
      }
    }
    const picks = [...held].map(([one, size]): Pick => ({ class: one, way: 'end', size }));
    if (picks.length > 0) this.#runs.push({ kind: 'end', picks, times: 1, progress: 0, checkpoint: undefined });
  }

  #run(run: Run): void {
    this.#runs.push(run);
    this.#done += run.progress * run.times;
    for (const { class: one, way, size } of run.picks) {
      const taken = size * run.times;
      const left = this.#left.get(one)! - taken;
      if (left > 0) this.#left.set(one, left);
      else this.#left.delete(one);
      const { end } = this.#model.trace(one, way);
      this.#served += (this.#model.served(end) - this.#model.served(one)) * taken;
      this.#there += (this.#model.there(end) - this.#model.there(one)) * taken;
      // What was settled is looked at again.
      if (this.#kind(one) === 'settle') this.#left.set(end, (this.#left.get(end) ?? 0) + taken);
    }
  }

  #kind(one: Class) {
    return this.#model.work(one).kind;
  }

  #isProgress(one: Class): boolean {
    return ['create', 'replace', 'update', 'restore', 'finish'].includes(this.#kind(one) ?? '');
  }

  /** Those that do not serve come first: nothing is lost by them. */
  #classes(isMeant: (one: Class) => boolean): readonly Class[] {
    const classes = [...this.#left.keys()].filter(isMeant);
    return classes.sort((a, b) => this.#model.served(a) - this.#model.served(b));
  }

  #sizeOf(classes: readonly Class[]): number {
    return classes.reduce((sum, one) => sum + this.#left.get(one)!, 0);
  }
}
