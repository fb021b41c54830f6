/** What plans come to, as Terraform counts: instances that are added, changed in place, and destroyed. */

import type { Change, FleetPlan } from './plan.ts';

export interface Tally {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
}

export function tallyOf(plans: readonly FleetPlan[]): Tally {
  let [add, change, destroy] = [0, 0, 0];
  for (const one of plans.flatMap(({ changes }) => changes)) {
    if (one.action === 'create' || one.action === 'replace') add += 1;
    if (one.action === 'update' || one.action === 'restore') change += 1;
    destroy += destroyedBy(one).length;
  }
  return { add, change, destroy };
}

/** Ids of instances that a change takes away. */
export function destroyedBy({ action, id, deposed }: Change): readonly string[] {
  if (action === 'no-op' || action === 'create') return [];
  const goes = action === 'replace' || action === 'delete' || action === 'restore';
  return goes && id !== undefined ? [id, ...deposed] : deposed;
}

/** Whether applying would do anything. */
export function isNeeded(plans: readonly FleetPlan[]): boolean {
  return plans.some(({ batches }) => batches.length > 0);
}

/** Slots whose instance goes before the new one comes. */
export function destroyedFirst({ batches }: FleetPlan): ReadonlySet<number> {
  const steps = batches.flatMap(({ stages }) => stages.flatMap((stage) => stage.steps));
  return new Set(steps.flatMap((step) => (step.do === 'depose' ? [step.slot] : [])));
}
