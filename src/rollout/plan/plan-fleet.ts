/** The plan of one fleet. Pure. */

import { type Amounts, amountsOf } from '../../config/amounts.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import type { FleetSeen, SeenInstance } from '../look/seen.ts';
import { addressOf } from '../state/address.ts';
import type { FleetState } from '../state/state.ts';
import { batchesOf } from './batches.ts';
import { changeOf } from './change-of.ts';
import { differences, fitOf } from './differences.ts';
import type { Goal } from './goal.ts';
import { type Class, Model } from './model/model.ts';
import { prove } from './model/prove.ts';
import { type Limits, schedule } from './model/schedule.ts';
import { totals, walk } from './model/walk.ts';
import type { Drift, FleetPlan, ImageRef } from './plan.ts';
import { readSlot, type SlotContext, type SlotRead } from './read-slot.ts';
import { refusedFlaw, refusedStuck, refuseLost } from './refusals.ts';
import { type Base, settingsWanted } from './settings-wanted.ts';
import { warningsOf } from './warnings.ts';

export interface FleetPlanRequest {
  readonly fleet: FleetConfig;
  readonly goal: Goal;
  readonly state: FleetState | undefined;
  readonly seen: FleetSeen;
  /** The id of the rollout. */
  readonly rollout: string;
}

/** Throws `plan-refused` where the strategy cannot keep what it promises. */
export function planFleet({ fleet, goal, state, seen, rollout }: FleetPlanRequest): FleetPlan {
  const wanted = baseOf(fleet, goal, seen);
  const count = wanted === undefined ? 0 : fleet.count;
  const amounts: Amounts = wanted === undefined ? NO_AMOUNTS : amountsOf(fleet.count, fleet.strategy);
  const home = goal.kind === 'config' ? homeOf(state, seen) : undefined;
  const context = contextOf(fleet, count, state, seen, wanted, home);
  const reads = indexesOf(count, state).map((index) => readSlot(index, context));

  const model = new Model(madeOf(wanted, home, context));
  const slots = new Map<Class, SlotRead[]>();
  for (const read of reads) push(slots, model.classOf(read.slot), read);
  const counts = new Map([...slots].map(([one, members]) => [one, members.length]));
  const limits = limitsOf(amounts, fleet, goal);
  const { runs, stuck } = schedule(model, counts, limits);
  if (stuck.length > 0) throw refusedStuck(fleet, amounts, model, counts);

  const { end, ...walked } = walk(model, counts, runs);
  const start = totals(model, counts);
  const extra = reads.reduce(
    (sum, { slot }) => sum + (slot.wanted ? 0 : Number(slot.current !== undefined) + slot.deposed.length),
    0,
  );
  const final = totals(model, end);
  const promise = {
    least: Math.min(start.served, amounts.count - amounts.unavailable, final.served),
    most: Math.max(start.there, amounts.count + amounts.surge + extra),
  };
  const back: Limits = { ...limits, canary: 0, checkpoints: [], isBack: true };
  const goesBack = home !== undefined && fleet.strategy.autoRollback;
  const { flaw } = prove({ model, counts, runs, promise, limits: back, goesBack });
  if (flaw) throw refusedFlaw(fleet, amounts, flaw);

  const changes = reads.map((read) => changeOf(fleet.name, count, read, model.work(model.classOf(read.slot)), wanted));
  if (goal.kind === 'release') refuseLost(fleet, goal.release, changes, seen);
  const drift = [...reads.flatMap((read) => read.drift), ...unknownOf(fleet.name, reads, seen)];
  return {
    rollout,
    fleet,
    amounts,
    from: imageOf(reads),
    to: wanted && { id: wanted.imageId, name: wanted.imageName },
    changes,
    drift,
    batches: batchesOf({
      ...{ model, runs, slots, extents: walked.runs },
      final: { least: final.served, most: final.there },
      waits: goal.kind === 'config' ? fleet.strategy : undefined,
    }),
    promise,
    targetGroups: seen.targetGroups.map(({ arn, name, port, drain }) => ({ arn, name, port, drain })),
    warnings: [...seen.warnings, ...warningsOf({ fleet, goal, state, seen, reads, changes, home: home !== undefined })],
  };
}

const NO_AMOUNTS: Amounts = { count: 0, surge: 0, unavailable: 0, canary: 0 };

function baseOf(fleet: FleetConfig, goal: Goal, seen: FleetSeen): Base | undefined {
  if (goal.kind === 'destroy') return undefined;
  return goal.kind === 'config' ? settingsWanted(fleet, seen) : goal.release.settings;
}

/** Where a bad verdict leads back to: the last good release, if its image can still be launched. */
function homeOf(state: FleetState | undefined, seen: FleetSeen): Base | undefined {
  const settings = state?.good?.settings;
  return settings !== undefined && seen.images.has(settings.imageId) ? settings : undefined;
}

function contextOf(
  fleet: FleetConfig,
  count: number,
  state: FleetState | undefined,
  seen: FleetSeen,
  wanted: Base | undefined,
  home: Base | undefined,
): SlotContext {
  const byToken = new Map<string, SeenInstance>();
  for (const one of seen.instances.values()) if (one.token !== '') byToken.set(one.token, one);
  const names = new Map(seen.targetGroups.map(({ arn, name }) => [arn, name]));
  return { name: fleet.name, count, state, seen, wanted, home, names, byToken };
}

function limitsOf(amounts: Amounts, { strategy }: FleetConfig, goal: Goal): Limits {
  const isBack = goal.kind !== 'config';
  const hold = strategy.type === 'blue_green' && !isBack;
  const checkpoints = isBack || hold ? [] : strategy.checkpoints;
  return { ...amounts, canary: isBack ? 0 : amounts.canary, hold, checkpoints, isBack };
}

/** Slots that are wanted, and those that have anything. */
function indexesOf(count: number, state: FleetState | undefined): readonly number[] {
  const indexes = new Set([...Array(count).keys(), ...Object.keys(state?.slots ?? {}).map(Number)]);
  return [...indexes].sort((a, b) => a - b);
}

/** What the way back makes of an instance that is launched now. */
function madeOf(wanted: Base | undefined, home: Base | undefined, { names }: SlotContext) {
  if (wanted === undefined || home === undefined) return 'other';
  return fitOf(differences({ before: { ...wanted, subnetId: '' }, after: home, subnets: [], names }));
}

function push<T>(lists: Map<Class, T[]>, key: Class, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Undefined where not all are of one image. */
function imageOf(reads: readonly SlotRead[]): ImageRef | undefined {
  const settings = reads.flatMap(({ current }) => (current ? [current.settings] : []));
  const [first] = settings;
  if (first === undefined || settings.some(({ imageId }) => imageId !== first.imageId)) return undefined;
  return { id: first.imageId, name: first.imageName };
}

/** Instances that bear the fleet's tag and that no state knows. */
function unknownOf(name: string, reads: readonly SlotRead[], { instances }: FleetSeen): readonly Drift[] {
  const known = new Set(
    reads.flatMap(({ current, deposed }) => [...(current ? [current] : []), ...deposed].map(({ id }) => id)),
  );
  return [...instances.values()]
    .filter(({ id, state }) => !known.has(id) && state !== 'shutting-down')
    .map(({ id }) => ({
      ...{ address: addressOf({ fleet: name, slot: undefined }), id, kind: 'unknown' as const, attributes: [] },
      message: `it bears the tag of the fleet and is in no state; it is left alone (\`rollout import ${name} ${id}\` takes it in)`,
    }));
}
