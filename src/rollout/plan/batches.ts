/** A schedule, spelt out: every step of every slot. */

import type { StrategyConfig } from '../../config/fleet.ts';
import type { Class, Model } from './model/model.ts';
import { PHASES, type Phase } from './model/program.ts';
import type { Pick, Run } from './model/schedule.ts';
import type { Extent } from './model/walk.ts';
import type { Batch, Stage, Step } from './plan.ts';
import type { SlotRead } from './read-slot.ts';

export interface Spelling {
  readonly model: Model;
  readonly runs: readonly Run[];
  /** Of each run, and when all are over. */
  readonly extents: readonly Extent[];
  readonly final: Extent;
  /** Of each class, in their order. */
  readonly slots: ReadonlyMap<Class, readonly SlotRead[]>;
  /** Undefined: on the way back, or to nothing, nothing waits. */
  readonly waits: StrategyConfig | undefined;
}

interface Part {
  readonly pick: Pick;
  readonly slots: readonly SlotRead[];
}

export function batchesOf({ model, runs, extents, final, slots, waits }: Spelling): readonly Batch[] {
  const queues = new Map([...slots].map(([one, members]) => [one, new Queue(members)]));
  const batches: Batch[] = [];
  const queueOf = (one: Class): Queue => {
    const queue = queues.get(one) ?? new Queue([]);
    queues.set(one, queue);
    return queue;
  };
  const lastProgress = runs.findLastIndex(({ progress }) => progress > 0);
  for (const [index, run] of runs.entries()) {
    for (let time = 1; time <= run.times; time += 1) {
      const parts = run.picks.map((pick): Part => ({ pick, slots: queueOf(pick.class).take(pick.size) }));
      // What is settled, or held until the end, comes again as what it is then.
      for (const { pick, slots: taken } of parts) queueOf(model.trace(pick.class, pick.way).end).add(taken);
      const isLast = index >= lastProgress && time === run.times;
      const checkpoint = time === run.times ? run.checkpoint : undefined;
      const wait = isLast || run.progress === 0 ? [] : waitAfter(waits, checkpoint);
      batches.push({
        kind: run.kind,
        slots: parts.flatMap((part) => part.slots.map((one) => one.index)).sort((a, b) => a - b),
        stages: [...stagesOf(model, parts), ...wait],
        ...extents[index]!,
      });
    }
  }
  const proves = batches.some(({ stages }) => stages.some(({ steps }) => steps.some((step) => step.do === 'check')));
  return waits && waits.bakeTime > 0 && proves ? withBake(batches, waits.bakeTime, final) : batches;
}

/** Slots that wait for their turn, in their order. */
class Queue {
  #slots: SlotRead[];
  #isSorted = true;

  constructor(slots: readonly SlotRead[]) {
    this.#slots = slots.toReversed();
  }

  take(size: number): readonly SlotRead[] {
    if (!this.#isSorted) this.#slots.sort((a, b) => b.index - a.index);
    this.#isSorted = true;
    return this.#slots.splice(this.#slots.length - size, size).reverse();
  }

  add(slots: readonly SlotRead[]): void {
    this.#slots.push(...slots);
    this.#isSorted = false;
  }
}

function stagesOf(model: Model, parts: readonly Part[]): readonly Stage[] {
  return PHASES.flatMap((phase): readonly Stage[] => {
    const having = parts.filter(({ pick }) => model.trace(pick.class, pick.way).phases.includes(phase));
    const steps = having.flatMap(({ pick, slots }) =>
      slots.map((slot) => stepOf(phase, slot, restored(model, pick, slot))),
    );
    return steps.length > 0 ? [{ steps }] : [];
  });
}

function restored(model: Model, { class: one }: Pick, { deposed }: SlotRead): string {
  return deposed[model.work(one).restored ?? -1]?.id ?? '';
}

function stepOf(phase: Phase, { index: slot }: SlotRead, id: string): Step {
  const [name] = phase.split(' ');
  switch (name) {
    case 'restore':
      return { do: name, slot, id };
    case 'deregister':
    case 'await-drained':
    case 'stop':
    case 'detach-volumes':
    case 'terminate':
      return { do: name, slot, who: 'old' };
    case 'forget':
    case 'depose':
    case 'update':
    case 'launch':
    case 'await-running':
    case 'attach-volumes':
    case 'check':
    case 'register':
    case 'await-in-service':
      return { do: name, slot };
    default:
      throw new Error(`no step ${phase}`);
  }
}

function waitAfter(waits: StrategyConfig | undefined, percent: number | undefined): readonly Stage[] {
  if (waits === undefined) return [];
  if (percent !== undefined) return [{ steps: [{ do: 'checkpoint', percent, time: waits.checkpointDelay }] }];
  return waits.pause > 0 ? [{ steps: [{ do: 'pause', time: waits.pause }] }] : [];
}

/** Before what blue_green holds goes. */
function withBake(batches: readonly Batch[], time: number, final: Extent): readonly Batch[] {
  const bake: Stage = { steps: [{ do: 'bake', time }] };
  const last = batches.at(-1);
  if (last?.kind === 'end') return [...batches.slice(0, -1), { ...last, stages: [bake, ...last.stages] }];
  return [...batches, { kind: 'end', slots: [], stages: [bake], ...final }];
}
