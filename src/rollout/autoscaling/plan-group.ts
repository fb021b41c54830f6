/**
 * The plan of a fleet that an Auto Scaling group keeps: that of a fleet whose slots are the group's instances, for that is what
 * an instance refresh does to them. Pure.
 */

import { Fault } from '../../fault.ts';
import { whereOf } from '../../value/source.ts';
import type { FleetPlan, Stage } from '../plan/plan.ts';
import { type FleetPlanRequest, planFleet } from '../plan/plan-fleet.ts';
import type { FleetState, SlotState } from '../state/state.ts';
import { unmapped } from './preferences.ts';
import type { SeenGroup, SeenMember } from './seen-group.ts';

/** Throws `plan-refused` where the strategy cannot keep what it promises, or a group cannot do it at all. */
export function planGroup(request: FleetPlanRequest, group: SeenGroup): FleetPlan {
  const { fleet, goal, seen, state } = request;
  if (fleet.volumes.length > 0) {
    throw new Fault('plan-refused', `fleet ${fleet.name}: no data volume moves along with instances of Auto Scaling`, {
      where: whereOf(fleet, 'volumes') ?? whereOf(fleet),
      hint: 'write engine: ec2, or keep data elsewhere',
    });
  }
  const before: FleetState = state ?? { engine: 'autoscaling', region: '', slots: {}, history: [] };
  const slots = slotsOf(before, group, request);
  const plan = planFleet({ ...request, state: { ...before, slots } });
  const { leaving } = group;
  const batches = plan.batches.map((batch) => ({ ...batch, stages: batch.stages.flatMap(byItself) }));
  const isNews = plan.batches.length > 0 && goal.kind === 'config';
  return {
    ...plan,
    batches,
    drift: plan.drift.filter(({ kind, id }) => kind !== 'unknown' || !leaving.includes(id)),
    warnings: [
      ...plan.warnings.filter((warning) => !NOT_OURS.test(warning)),
      ...(isNews ? unmapped(fleet, plan.amounts) : []),
    ],
    targetGroups: seen.targetGroups.map(({ arn, name, port, drain }) => ({ arn, name, port, drain })),
  };
}

/** A stage without what Auto Scaling does not do. */
function byItself({ steps }: Stage): readonly Stage[] {
  const done = steps.filter(({ do: what }) => what !== 'check' && what !== 'pause');
  return done.length === 0 ? [] : [{ steps: done }];
}

/** What a group's instances are checked by is told by `unmapped`. */
const NOT_OURS = /^the tasks tagged verify of /;

/** Those that the state knows keep their slots; others, which the group has launched by itself, take free ones. */
function slotsOf(
  { slots }: FleetState,
  { members = [] }: SeenGroup,
  { seen }: FleetPlanRequest,
): Readonly<Record<string, SlotState>> {
  const known = new Map(
    Object.entries(slots).flatMap(([index, { current }]) => (current?.id ? [[current.id, index]] : [])),
  );
  const taken = new Set(members.flatMap(({ id }) => known.get(id) ?? []));
  const free = Array.from({ length: members.length + taken.size }, (_, index) => String(index)).filter(
    (index) => !taken.has(index),
  );
  return Object.fromEntries(
    members.map((member) => [known.get(member.id) ?? free.shift() ?? '', slotOf(member, slots, known, seen)]),
  );
}

function slotOf(
  { id, settings, inService }: SeenMember,
  slots: FleetState['slots'],
  known: ReadonlyMap<string, string>,
  seen: FleetPlanRequest['seen'],
): SlotState {
  const kept = slots[known.get(id) ?? '']?.current?.settings;
  const there = seen.instances.get(id);
  const place = { subnetId: there?.subnetId ?? '', targetGroupArns: seen.targetGroupArns, volumes: [] };
  // Of a template that is gone nothing is known but what can be seen.
  const bare = {
    ...{ imageId: there?.imageId ?? '', imageName: there?.imageId ?? '', instanceType: there?.instanceType ?? '' },
    ...{ securityGroupIds: there?.securityGroupIds ?? [], tags: {} },
  };
  const current = { token: there?.token ?? '', id, inService, settings: kept ?? { ...(settings ?? bare), ...place } };
  return { current, deposed: [], volumes: {} };
}
