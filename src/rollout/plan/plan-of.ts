/** Configuration, state, and what is there: what is to be done. Pure. */

import manifest from '../../../package.json' with { type: 'json' };
import type { FleetConfig } from '../../config/fleet.ts';
import { Findings } from '../../fault.ts';
import { planGroup } from '../autoscaling/plan-group.ts';
import type { Seen } from '../look/seen.ts';
import type { State } from '../state/state.ts';
import type { Goal } from './goal.ts';
import { type FleetPlan, PLAN_VERSION, type Plan } from './plan.ts';
import { planFleet } from './plan-fleet.ts';
import { mustBeSameEngine } from './refusals.ts';

export interface PlanRequest {
  readonly fleets: readonly { readonly fleet: FleetConfig; readonly goal: Goal }[];
  /** Undefined: there is none yet. */
  readonly state: State | undefined;
  readonly seen: Seen;
  readonly now: Date;
}

/** Throws `plan-refused` for every fleet whose strategy cannot keep what it promises, all at once. */
export function planOf({ fleets, state, seen, now }: PlanRequest): Plan {
  const findings = new Findings();
  const plans = fleets.flatMap(({ fleet, goal }): readonly FleetPlan[] => {
    const there = seen.fleets.get(fleet.name);
    if (there === undefined) throw new Error(`nobody looked at ${fleet.name}`);
    const rollout = rolloutId(fleet.name, now, state?.serial ?? 0);
    const kept = state?.fleets[fleet.name];
    const plan = findings.collect(() => {
      mustBeSameEngine(fleet, kept);
      const wanted = { fleet, goal, state: kept, seen: there, rollout };
      return there.group ? planGroup(wanted, there.group) : planFleet(wanted);
    });
    return plan ? [plan] : [];
  });
  findings.check();
  return {
    version: PLAN_VERSION,
    playbake: manifest.version,
    created: now.toISOString(),
    prior: { lineage: state?.lineage ?? '', serial: state?.serial ?? 0 },
    cloud: seen.cloud,
    fleets: plans,
  };
}

/** `web-20261126T021500-12`: no other rollout of the fleet has it, for the next one begins with a later state. */
export function rolloutId(fleet: string, now: Date, serial: number): string {
  const time = now.toISOString().replace(/[-:]|\.\d+Z$/g, '');
  return `${fleet}-${time}-${serial}`;
}
