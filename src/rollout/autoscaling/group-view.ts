/** Tells what happens to the instances of a group, as if each were launched and terminated by us. */

import type { Instance } from '@aws-sdk/client-auto-scaling';
import type { EmitRollout, StepAbout } from '../events.ts';
import type { FleetPlan, Step } from '../plan/plan.ts';
import { addressOf } from '../state/address.ts';
import { isLeaving } from './look-at-group.ts';

interface Told {
  readonly about: StepAbout;
  readonly since: number;
}

export class GroupView {
  readonly #plan: FleetPlan;
  readonly #emit: EmitRollout;
  /** Slots by instance. */
  readonly #slots = new Map<string, number>();
  readonly #coming = new Map<string, Told>();
  readonly #going = new Map<string, Told>();
  #isFirst = true;

  constructor(plan: FleetPlan, emit: EmitRollout) {
    this.#plan = plan;
    this.#emit = emit;
    for (const { id, slot } of plan.changes) if (id !== undefined) this.#slots.set(id, slot);
  }

  /** All instances of the group as they are now. */
  see(instances: readonly Instance[]): void {
    const there = new Map(instances.map((instance) => [instance.InstanceId ?? '', instance]));
    for (const [id, instance] of there) {
      const isNew = !this.#slots.has(id);
      if (isNew) this.#slots.set(id, this.#freeSlot(there));
      // What was there already when we began to look is no news.
      if (isNew && !(this.#isFirst && isServing(instance)) && !isLeaving(instance))
        this.#begin(this.#coming, 'launch', id);
      if (isServing(instance)) this.#end(this.#coming, id, 'done');
      if (isLeaving(instance)) this.#leave(id);
    }
    for (const id of [...this.#coming.keys()]) if (!there.has(id)) this.#end(this.#coming, id, 'failed');
    for (const id of [...this.#slots.keys()]) if (!there.has(id)) this.#gone(id);
    this.#isFirst = false;
  }

  /** Says what is waited for, of the instance that came last. */
  progress(text: string): void {
    const last = [...this.#coming.values()].at(-1);
    if (last) this.#emit({ type: 'step-progress', about: last.about, text, seconds: seconds(last) });
  }

  /** Slots of those that are there. */
  slotOf(id: string): number | undefined {
    return this.#slots.get(id);
  }

  /** What we no longer look at. */
  stop(): void {
    for (const told of [this.#coming, this.#going]) for (const id of [...told.keys()]) this.#end(told, id, 'stopped');
  }

  #leave(id: string): void {
    this.#end(this.#coming, id, 'failed');
    this.#begin(this.#going, 'terminate', id);
  }

  #gone(id: string): void {
    // What had gone before we began to look is no news; one may also go between two looks.
    if (!this.#isFirst) this.#begin(this.#going, 'terminate', id);
    this.#end(this.#going, id, 'done');
    this.#slots.delete(id);
  }

  #begin(told: Map<string, Told>, what: 'launch' | 'terminate', id: string): void {
    if (told.has(id)) return;
    const slot = this.#slots.get(id) ?? 0;
    const step: Step = what === 'launch' ? { do: what, slot } : { do: what, slot, who: 'old' };
    const fleet = this.#plan.fleet.name;
    const about = { fleet, address: addressOf({ fleet, slot }), step, ids: [id], deposed: what === 'terminate' };
    told.set(id, { about, since: performance.now() });
    this.#emit({ type: 'step-start', about });
  }

  #end(told: Map<string, Told>, id: string, status: 'done' | 'failed' | 'stopped'): void {
    const one = told.get(id);
    if (one === undefined) return;
    told.delete(id);
    this.#emit({ type: 'step-end', about: one.about, status, seconds: seconds(one) });
  }

  /** That of an instance which goes, or the first that nobody has. */
  #freeSlot(there: ReadonlyMap<string, Instance>): number {
    const wanted = this.#plan.changes.filter(({ action }) => action !== 'delete').map(({ slot }) => slot);
    const changing = this.#plan.changes.filter(({ action }) => action === 'create' || action === 'replace');
    const old = new Set(this.#plan.changes.flatMap(({ id, action }) => (id && action === 'replace' ? [id] : [])));
    const taken = new Set([...this.#slots].flatMap(([id, slot]) => (there.has(id) && !old.has(id) ? [slot] : [])));
    const free = [...changing.map(({ slot }) => slot), ...wanted].find((slot) => !taken.has(slot));
    return free ?? Math.max(-1, ...this.#slots.values()) + 1;
  }
}

function isServing({ LifecycleState, HealthStatus }: Instance): boolean {
  return LifecycleState === 'InService' && HealthStatus === 'Healthy';
}

function seconds({ since }: Told): number {
  return (performance.now() - since) / 1000;
}
