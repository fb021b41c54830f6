import type { Work } from '../cases.ts';
import type { Command } from '../measure.ts';
import type { Place } from '../place.ts';

/** A program that can do the benchmark's work. */
export interface Engine {
  readonly name: string;
  /** Why it cannot run here; undefined: it can. */
  lacks(): Promise<string | undefined>;
  /** How it does a work; undefined: it does not do this one. */
  command(work: Work, place: Place): Promise<Command | undefined>;
}
