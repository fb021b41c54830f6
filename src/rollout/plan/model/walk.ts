/** What a schedule does to capacity, batch for batch, where nothing fails. */

import type { Class, Model } from './model.ts';
import { PHASES } from './program.ts';
import type { Counts, Pick, Run } from './schedule.ts';

export interface Extent {
  /** The fewest slots in service, and the most instances there. */
  readonly least: number;
  readonly most: number;
}

export interface Walk extends Extent {
  /** Of each run; all of its batches are alike. */
  readonly runs: readonly Extent[];
  readonly end: Counts;
}

export function walk(model: Model, counts: Counts, runs: readonly Run[]): Walk {
  let { served, there } = totals(model, counts);
  const start = { least: served, most: there };
  const left = new Map(counts);
  const extents = runs.map(({ picks, times }) => {
    const profile = profileOf(model, picks);
    const extent = { least: served + profile.least, most: there + profile.most };
    served += profile.served * times;
    there += profile.there * times;
    for (const { class: one, way, size } of picks) move(left, one, model.trace(one, way).end, size * times);
    return extent;
  });
  return {
    least: Math.min(start.least, ...extents.map(({ least }) => least)),
    most: Math.max(start.most, ...extents.map(({ most }) => most)),
    runs: extents,
    end: left,
  };
}

export function totals(model: Model, counts: Counts): { readonly served: number; readonly there: number } {
  let served = 0;
  let there = 0;
  for (const [one, size] of counts) {
    served += model.served(one) * size;
    there += model.there(one) * size;
  }
  return { served, there };
}

export function move(counts: Map<Class, number>, from: Class, to: Class, size: number): void {
  const left = (counts.get(from) ?? 0) - size;
  if (left > 0) counts.set(from, left);
  else counts.delete(from);
  counts.set(to, (counts.get(to) ?? 0) + size);
}

interface Profile extends Extent {
  readonly served: number;
  readonly there: number;
}

/** Differences to the start of the batch. */
function profileOf(model: Model, picks: readonly Pick[]): Profile {
  let [least, most, served, there] = [0, 0, 0, 0];
  const paths = picks.map(({ class: one, way }) => model.trace(one, way).path);
  for (let phase = 0; phase < PHASES.length; phase += 1) {
    served = 0;
    there = 0;
    for (let index = 0; index < picks.length; index += 1) {
      const { class: one, size } = picks[index]!;
      const now = paths[index]![phase]!;
      served += (model.served(now) - model.served(one)) * size;
      there += (model.there(now) - model.there(one)) * size;
    }
    if (served < least) least = served;
    if (there > most) most = there;
  }
  return { least, most, served, there };
}
