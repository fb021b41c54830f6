/** Which target of a group gets the next request or connection. */

import type { RegionState } from '../state.ts';
import { attributeOf } from './attribute-table.ts';
import { type TargetGroupRecord, type TargetRecord, targetKey } from './balancing-records.ts';
import { GROUP_ATTRIBUTES } from './group-attributes.ts';
import { healthOf, isInUse } from './target-health.ts';

export interface ChoiceOptions {
  /** How many requests are under way at a target. */
  readonly underway: (target: TargetRecord) => number;
  readonly now?: number;
  /** From 0 to 1, exclusively. */
  readonly random?: () => number;
}

/** Where each group's turn is; forgotten with the process, which nobody notices. */
const TURNS = new Map<string, number>();
/** The candidates of each group: as long as the state is the same, they are. */
const CANDIDATES = new WeakMap<RegionState, Map<string, readonly TargetRecord[]>>();

/** Undefined where the group has no target that may get any. */
export function chooseTarget(
  region: RegionState,
  group: TargetGroupRecord,
  { underway, now = Date.now(), random = Math.random }: ChoiceOptions,
): TargetRecord | undefined {
  const candidates = candidatesOf(region, group);
  const algorithm = settingOf(group, 'load_balancing.algorithm.type');
  if (algorithm === 'least_outstanding_requests') {
    const fewest = Math.min(...candidates.map(underway));
    return inTurn(
      group.id,
      candidates.filter((target) => underway(target) === fewest),
      () => true,
    );
  }
  const share = shares(group, candidates, now);
  if (algorithm === 'weighted_random') return weighted(candidates, share, random);
  return inTurn(group.id, candidates, (target) => random() < share(target));
}

/** The healthy targets; all that are in use where too few are healthy, as AWS does. */
export function candidatesOf(region: RegionState, group: TargetGroupRecord): readonly TargetRecord[] {
  const known = CANDIDATES.get(region) ?? new Map<string, readonly TargetRecord[]>();
  CANDIDATES.set(region, known);
  const before = known.get(group.id);
  if (before !== undefined) return before;
  const inUse = group.targets.filter((target) => isInUse(healthOf(region, group, target)));
  const healthy = inUse.filter(({ health }) => health === 'healthy');
  const percentage = settingOf(group, `${ROUTING}.percentage`);
  const isEnough =
    healthy.length >= Number(settingOf(group, `${ROUTING}.count`)) &&
    (percentage === 'off' || healthy.length * 100 >= Number(percentage) * inUse.length);
  const candidates = isEnough ? healthy : inUse;
  known.set(group.id, candidates);
  return candidates;
}

const ROUTING = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets';

export function settingOf(group: TargetGroupRecord, key: string): string {
  return attributeOf(group.attributes, GROUP_ATTRIBUTES[group.protocol], key);
}

/** The next whose turn it is and that takes it; the next of all where none does. */
function inTurn(
  group: string,
  candidates: readonly TargetRecord[],
  takes: (target: TargetRecord) => boolean,
): TargetRecord | undefined {
  const start = (TURNS.get(group) ?? -1) + 1;
  for (let step = 0; step < candidates.length; step++) {
    const turn = (start + step) % candidates.length;
    const target = candidates[turn];
    if (target === undefined || !takes(target)) continue;
    TURNS.set(group, turn);
    return target;
  }
  TURNS.set(group, start % Math.max(1, candidates.length));
  return candidates[start % Math.max(1, candidates.length)];
}

/** A target in its slow start has a share that grows from nothing to 1; others have 1. */
function shares(group: TargetGroupRecord, candidates: readonly TargetRecord[], now: number) {
  const duration = Number(settingOf(group, 'slow_start.duration_seconds')) * 1000;
  const isSlow = ({ healthySince }: TargetRecord) => healthySince !== undefined && now - healthySince < duration;
  // When all are new, nobody can take more than the others.
  if (!(duration > 0) || candidates.every(isSlow)) return () => 1;
  return (target: TargetRecord) => (isSlow(target) ? Math.max(0, now - (target.healthySince ?? now)) / duration : 1);
}

function weighted(
  candidates: readonly TargetRecord[],
  share: (target: TargetRecord) => number,
  random: () => number,
): TargetRecord | undefined {
  let left = random() * candidates.reduce((sum, target) => sum + share(target), 0);
  return candidates.find((target) => {
    left -= share(target);
    return left < 0;
  });
}

/** The candidate that a client shall meet again, if it may still get requests. */
export function sameTarget(
  region: RegionState,
  group: TargetGroupRecord,
  key: string | undefined,
): TargetRecord | undefined {
  return candidatesOf(region, group).find((target) => targetKey(target) === key);
}
