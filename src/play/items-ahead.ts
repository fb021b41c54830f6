/** The items of a loop, begun before those before them have ended where nothing speaks against it. */

import type { Value } from '../value/value.ts';
import { placeOf } from './action.ts';
import { runItem } from './item.ts';
import { nearest } from './lineage.ts';
import { itemLayer, type LoopControl } from './loop.ts';
import { sleep } from './sleep.ts';
import type { ItemRun, TaskResult } from './task-run.ts';

/** How many items may be under way at once. */
export const AHEAD = 8;

export interface Begun {
  readonly scope: ItemRun['scope'];
  readonly done: Promise<TaskResult>;
}

/** Gives the items in their order. The host does them in their order too: each begins when the one before is on its way. */
export class ItemsAhead {
  readonly #run: ItemRun;
  readonly #items: readonly Value[];
  readonly #control: LoopControl;
  readonly #width: number;
  readonly #waiting: Begun[] = [];
  #begun = 0;
  #lost = false;
  /** Whether the item begun last, and all before it, are on their way; false where one failed before that. */
  #sent: Promise<boolean> = Promise.resolve(true);

  constructor(run: ItemRun, items: readonly Value[], control: LoopControl, width: number) {
    this.#run = run;
    this.#items = items;
    this.#control = control;
    this.#width = width;
  }

  async next(): Promise<Begun> {
    while (this.#waiting.length < this.#width && this.#begun < this.#items.length && !this.#lost) await this.#begin();
    const [first] = this.#waiting.splice(0, 1);
    if (!first) throw new RangeError('there is no further item');
    return first;
  }

  async #begin(): Promise<void> {
    const before = await this.#sent;
    const { pause } = this.#control;
    if (this.#begun > 0 && pause > 0) await sleep(pause, this.#run.play.world.options.signal);
    const scope = this.#run.scope.with(itemLayer(this.#items, this.#begun++, this.#control));
    let sent = () => {};
    const onItsWay = new Promise<boolean>((resolve) => {
      sent = () => resolve(true);
    });
    const done = runItem({ ...this.#run, scope, sent });
    const wentWell = done.then(({ result, unreachable }) => !unreachable && result['failed'] !== true);
    this.#sent = Promise.race([onItsWay, wentWell]).then(
      (well) => well && before,
      () => false,
    );
    if (this.#begun === this.#items.length) void this.#sent.then((well) => well && this.#run.sent?.());
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

/**
 * Not where an item could see what an earlier one did: facts, results, files of this machine. What a module does
 * that has no plan, or runs here, is not known before it is done.
 */
export async function mayOverlap(run: ItemRun, { pause }: LoopControl): Promise<boolean> {
  if (pause > 0 || ONE_BY_ONE.some((keyword) => run.task.keywords.has(keyword))) return false;
  if (nearest(run.lineage, 'delegate_to') || nearest(run.lineage, 'timeout')) return false;
  const resolution = await run.play.world.modules.resolve(run.task.action).catch(() => undefined);
  if (resolution?.kind !== 'module' || !resolution.module.plan || resolution.module.local) return false;
  if (resolution.module.streams !== true && !PURE.has(resolution.name)) return false;
  try {
    return placeOf(run).target.kind !== 'local';
  } catch {
    return false;
  }
}

/** Modules that give no facts, but whose result may find that they failed; those that stream give none either. */
const PURE = new Set(['dnf', 'package']);
