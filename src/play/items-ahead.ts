/** The items of a loop, begun before those before them have ended where nothing speaks against it. */

import type { Value } from '../value/value.ts';
import { placeOf } from './action.ts';
import { Departure } from './departure.ts';
import { runItem } from './item.ts';
import { nearest } from './lineage.ts';
import { itemLayer, type LoopControl } from './loop.ts';
import { sleep } from './sleep.ts';
import type { ItemRun, TaskResult } from './task-run.ts';

/** How many items may be under way at once. */
export const AHEAD = 32;

export interface Begun {
  readonly scope: ItemRun['scope'];
  readonly done: Promise<TaskResult>;
}

/** Gives the items in their order. The host does them in their order too: each begins when the one before is on its way. */
export class ItemsAhead {
  readonly #run: ItemRun;
  readonly #items: readonly Value[];
  readonly #control: LoopControl;
  readonly #overlap: Overlap;
  readonly #waiting: Begun[] = [];
  #begun = 0;
  #lost = false;
  /** Of the item begun last. */
  #last: Departure | undefined;

  constructor(run: ItemRun, items: readonly Value[], control: LoopControl, overlap: Overlap) {
    this.#run = run;
    this.#items = items;
    this.#control = control;
    this.#overlap = overlap;
  }

  async next(): Promise<Begun> {
    const width = this.#overlap === 'none' ? 1 : AHEAD;
    while (this.#waiting.length < width && this.#begun < this.#items.length && !this.#lost) await this.#begin();
    const [first] = this.#waiting.splice(0, 1);
    if (!first) throw new RangeError('there is no further item');
    return first;
  }

  async #begin(): Promise<void> {
    const before = this.#last;
    await (this.#overlap === 'looks' ? before?.looking : before?.sent);
    const { pause } = this.#control;
    if (this.#begun > 0 && pause > 0) await sleep(pause, this.#run.play.world.options.signal);
    const scope = this.#run.scope.with(itemLayer(this.#items, this.#begun++, this.#control));
    const departure = new Departure(before);
    this.#last = departure;
    const { onSent: sent, onLook: looks } = departure;
    const clear = this.#overlap === 'looks' && before ? before.sent : this.#run.clear;
    const done = runItem({ ...this.#run, scope, sent, looks, clear });
    // One that went well was sent, also where the module never says so.
    departure.follow(done.then(({ result, unreachable }) => !unreachable && result['failed'] !== true && sent()));
    if (this.#begun === this.#items.length) void departure.sent.then((well) => well && this.#run.sent?.());
    // Where the host is lost nothing more begins; what an earlier item rejects with is heard by who waits for that one.
    done.then(
      ({ unreachable }) => {
        if (unreachable) this.#lost = true;
      },
      () => {
        this.#lost = true;
      },
    );
    this.#waiting.push({ scope, done });
  }
}

/** Keywords by which an item looks at how it went, or is more than one program. */
const ONE_BY_ONE = ['async', 'retries', 'until'];

/** Whether items may be under way together: none; all; or those that are still to decide, while all of them only look. */
export type Overlap = 'none' | 'all' | 'looks';

/**
 * Not where an item could see what an earlier one did: facts, results, files of this machine. What a module does
 * that has no plan, or runs here, is not known before it is done.
 */
export async function overlapOf(run: ItemRun, { pause }: LoopControl): Promise<Overlap> {
  if (pause > 0 || ONE_BY_ONE.some((keyword) => run.task.keywords.has(keyword))) return 'none';
  if (nearest(run.lineage, 'delegate_to') || nearest(run.lineage, 'timeout')) return 'none';
  const resolution = await run.play.world.modules.resolve(run.task.action).catch(() => undefined);
  if (resolution?.kind !== 'module' || resolution.module.local || resolution.module.streams !== true) return 'none';
  try {
    if (placeOf(run).target.kind === 'local') return 'none';
  } catch {
    return 'none';
  }
  return resolution.module.plan ? 'all' : 'looks';
}
