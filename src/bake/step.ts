/** One step of a bake, and steps in a row of which each knows what those before it gave. */

import type { Work } from './work.ts';

/**
 * What a step makes is noted in the journal (`work.intend`, `work.made`), and undone from there: kind by kind, in reverse.
 * So no step has an `undo` of its own that could be forgotten or be out of step with what it does.
 */
export interface Step<Needs, Gives extends object> {
  /** In the journal: never renamed, never used twice. */
  readonly id: string;
  readonly title: string;
  /** What it makes stays when the bake succeeds: the image. */
  readonly keeps?: true;
  /** What it leaves is in this process only: a run that is resumed does it again until the step of this id has been begun. */
  readonly againUntil?: string;
  /** What later steps know where there is nothing to do; undefined: there is something to do. */
  readonly skip?: (state: Needs, work: Work) => Gives | undefined;
  /**
   * Does it. May be called again after a kill or a failure in its midst: what is there already is used. What it gives is
   * plain JSON.
   */
  readonly run: (state: Needs, work: Work) => Promise<Gives>;
}

/** Does one step, or knows that it was done. */
export interface Performer {
  perform<Needs, Gives extends object>(step: Step<Needs, Gives>, state: Needs): Promise<Gives>;
}

/** Steps that begin with `Start` and end with knowing `Has`. The compiler sees to it that no step misses anything. */
export class Steps<Start extends object, Has extends object> {
  readonly perform: (start: Start, performer: Performer) => Promise<Has>;
  /** Of all steps, in their order. */
  readonly ids: readonly string[];
  /** Of those that keep what they make. */
  readonly keeping: ReadonlySet<string>;

  private constructor(
    perform: (start: Start, performer: Performer) => Promise<Has>,
    ids: readonly string[],
    keeping: ReadonlySet<string>,
  ) {
    this.perform = perform;
    this.ids = ids;
    this.keeping = keeping;
  }

  static from<Start extends object>(): Steps<Start, Start> {
    return new Steps(async (start: Start) => start, [], new Set());
  }

  add<Gives extends object>(step: Step<Has, Gives>): Steps<Start, Has & Gives> {
    if (this.ids.includes(step.id)) throw new Error(`two steps are called ${step.id}`);
    const perform = async (start: Start, performer: Performer) => {
      const has = await this.perform(start, performer);
      const gives = await performer.perform(step, has);
      return { ...has, ...gives };
    };
    return new Steps(perform, [...this.ids, step.id], step.keeps ? new Set([...this.keeping, step.id]) : this.keeping);
  }
}
