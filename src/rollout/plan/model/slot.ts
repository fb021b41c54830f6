/** A slot as scheduling and proving see it: no ids and no settings, so that slots which are alike are equal. */

/** What a goal makes of an instance: it is right, it is right once it is updated in place, or another must come. */
export type Fit = 'fits' | 'update' | 'other';

/** An instance that is there. */
export interface Member {
  readonly runs: boolean;
  readonly serves: boolean;
  /** It was in service, and is called unhealthy now. */
  readonly ill: boolean;
  /** What the plan's goal makes of it. */
  readonly fit: Fit;
  /** What the way back makes of it. */
  readonly home: Fit;
  /** The slot's data volumes are attached to it. */
  readonly holds: boolean;
}

export interface Slot {
  /** False: beyond `count`. */
  readonly wanted: boolean;
  /** It has data volumes, which only one instance can hold. */
  readonly moves: boolean;
  /** Instances that are gone stand in the state. */
  readonly gone: boolean;
  readonly current: Member | undefined;
  /** The newest last. */
  readonly deposed: readonly Member[];
}

export function membersOf({ current, deposed }: Slot): readonly Member[] {
  return current === undefined ? deposed : [...deposed, current];
}

export function isServed(slot: Slot): boolean {
  return membersOf(slot).some(({ serves }) => serves);
}

export function keyOf({ wanted, moves, gone, current, deposed }: Slot): string {
  return [
    `${bit(wanted)}${bit(moves)}${bit(gone)}`,
    current === undefined ? '-' : memberKey(current),
    ...deposed.map(memberKey),
  ].join(' ');
}

function memberKey({ runs, serves, ill, fit, home, holds }: Member): string {
  return `${bit(runs)}${bit(serves)}${bit(ill)}${bit(holds)}${fit[0]}${home[0]}`;
}

const bit = (value: boolean): string => (value ? '1' : '0');
