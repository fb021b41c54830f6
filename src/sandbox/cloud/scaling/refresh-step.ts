/** An instance refresh: replaces a group's instances, a few at a time, and goes back when it must. */

import { atTime } from './activities.ts';
import type { Wanted } from './capacity.ts';
import type { MemberRecord, ScalingGroupRecord, TemplateChoice } from './group-record.ts';
import { leaveService } from './leave-service.ts';
import { endUnhealthy } from './maintain.ts';
import { isReady } from './member-health.ts';
import { resolvedTemplate } from './member-launch.ts';
import { isCounted } from './members.ts';
import { changeRefresh, failRefresh, succeed } from './refresh-end.ts';
import { type InstanceRefreshRecord, isActive, markOf } from './refresh-record.ts';
import { boundsOf } from './replacement.ts';
import { firstToGo } from './termination-policy.ts';
import { groupOf, type Work } from './work.ts';

/** Goes on with the refresh of the group and answers with the capacity that it needs; undefined where there is none. */
export function stepRefresh(work: Work): Wanted | undefined {
  const refresh = activeRefresh(work);
  if (refresh === undefined) return undefined;
  if (refresh.status === 'Pending') begin(work, refresh);
  else if (refresh.status === 'Baking') bake(work, refresh);
  else if (refresh.status === 'Cancelling') cancel(work, refresh);
  const now = activeRefresh(work);
  const group = groupOf(work);
  if (now === undefined || group === undefined) return undefined;
  // What is unhealthy makes nothing better by waiting, whatever the bounds and checkpoints are.
  endUnhealthy(work, () => true);
  if (now.status === 'InProgress' || now.status === 'RollbackInProgress') return replace(work, now);
  const template = now.status === 'Cancelling' ? group.template : aimOf(group, now);
  return { count: group.desired, template, launchedBy: now.status === 'Baking' ? markOf(now) : undefined };
}

export function activeRefresh({
  region,
  groupId,
}: Pick<Work, 'region' | 'groupId'>): InstanceRefreshRecord | undefined {
  return Object.values(region.state.instanceRefreshes).find(
    (refresh) => refresh.groupId === groupId && isActive(refresh),
  );
}

/** What new instances are launched from. */
function aimOf(group: ScalingGroupRecord, { desired, rollback }: InstanceRefreshRecord): TemplateChoice {
  return rollback === undefined ? (desired ?? group.template) : group.template;
}

function begin(work: Work, refresh: InstanceRefreshRecord): void {
  const group = groupOf(work);
  if (group === undefined) return;
  const total = oldOnes(work, group, refresh).length;
  const { now } = work;
  changeRefresh(work, refresh, { status: 'InProgress', startedAt: now, progressAt: now, total });
}

function bake(work: Work, refresh: InstanceRefreshRecord): void {
  const { bakingSince = work.now, preferences } = refresh;
  if (work.now - bakingSince >= preferences.bakeTime * 1000) succeed(work, refresh);
}

/** What is on its way arrives first. */
function cancel(work: Work, refresh: InstanceRefreshRecord): void {
  const members = groupOf(work)?.members ?? [];
  const isMoving = ({ state }: MemberRecord) => state.startsWith('Pending') || state.startsWith('Terminating');
  if (members.some(isMoving)) return;
  changeRefresh(work, refresh, { status: 'Cancelled', endedAt: work.now });
}

function replace(work: Work, refresh: InstanceRefreshRecord): Wanted {
  const group = groupOf(work);
  if (group === undefined) throw new Error('a refresh of a group that is gone');
  const plain: Wanted = { count: group.desired, template: aimOf(group, refresh), launchedBy: markOf(refresh) };
  if (group.suspended.includes('InstanceRefresh')) return plain;
  const { min, max, warmup } = refresh.preferences;
  const mark = markOf(refresh);
  const ready = (member: MemberRecord) => isReady(work, group, member, member.launchedBy === mark ? warmup : 0);

  const old = oldOnes(work, group, refresh);
  const fresh = group.members.filter((member) => isCounted(member) && member.launchedBy === mark);
  const updated = fresh.filter(ready).length;
  if (updated !== refresh.updated) changeRefresh(work, refresh, { updated, progressAt: work.now });
  const failure = failureOf(work, group, refresh, old);
  if (failure !== undefined) {
    failRefresh(work, refresh, failure);
    return { ...plain, template: group.template, launchedBy: undefined };
  }

  const { least, most } = boundsOf(group, { min, max });
  const endable = old.filter((member) => !isHeld(refresh, member));
  const due = Math.max(0, Math.min(endable.length, limitOf(refresh) - (refresh.total - old.length)));
  const ended = endSome(work, endable, { due, least, ready });
  const left = due - ended;
  const counted = (groupOf(work)?.members ?? []).filter(isCounted);
  const isSettled = left === 0 && counted.length === group.desired && updated === fresh.length && counted.every(ready);
  // Where everything shall be replaced, somebody must let go of those that are held.
  const held = passesAll(refresh) ? old.length - endable.length : 0;
  if (isSettled && held === 0) settled(work, refresh);
  else tellWhy(work, refresh, { fresh, ready, held });
  const inService = endable.filter(isCounted).length - ended;
  return { ...plain, count: Math.min(most, group.desired + Math.max(0, Math.min(left, inService))) };
}

/** Those that are to be replaced. */
function oldOnes(work: Work, group: ScalingGroupRecord, refresh: InstanceRefreshRecord): readonly MemberRecord[] {
  const { preferences, rollback, id } = refresh;
  const staying = group.members.filter(({ state }) => !state.startsWith('Terminating') && state !== 'Detaching');
  if (rollback !== undefined) return staying.filter(({ launchedBy }) => launchedBy === id);
  const aim = preferences.skipMatching ? resolvedOrNone(work, aimOf(group, refresh)) : undefined;
  return staying.filter((member) => {
    if (member.launchedBy === id) return false;
    if (aim !== undefined && member.template?.id === aim.id && member.template.version === aim.version) return false;
    if (member.isProtected && preferences.protected === 'Ignore') return false;
    return !(isStandingBy(member) && preferences.standby === 'Ignore');
  });
}

/** A version that was deleted meanwhile matches nothing. */
function resolvedOrNone({ region }: Work, choice: TemplateChoice): TemplateChoice | undefined {
  try {
    return resolvedTemplate(region, choice);
  } catch {
    return undefined;
  }
}

function isStandingBy({ state }: MemberRecord): boolean {
  return state === 'Standby' || state === 'EnteringStandby';
}

/** Whether somebody must let it go first. */
function isHeld({ preferences, rollback }: InstanceRefreshRecord, member: MemberRecord): boolean {
  if (isStandingBy(member)) return preferences.standby === 'Wait' || member.state === 'EnteringStandby';
  return member.isProtected && preferences.protected === 'Wait' && rollback === undefined;
}

/** How many may be replaced before the next checkpoint is passed. */
function limitOf({ total, preferences: { checkpoints }, checkpoint, rollback }: InstanceRefreshRecord): number {
  if (rollback !== undefined || checkpoints.length === 0) return total;
  return Math.ceil((total * (checkpoints[Math.min(checkpoint, checkpoints.length - 1)] ?? 100)) / 100);
}

/** Whether no checkpoint ends it, or holds it back, before everything is replaced. */
function passesAll(refresh: InstanceRefreshRecord): boolean {
  return limitOf(refresh) === refresh.total;
}

interface Ending {
  readonly due: number;
  readonly least: number;
  readonly ready: (member: MemberRecord) => boolean;
}

/** Ends old ones as far as enough others are ready; answers how many. */
function endSome(work: Work, endable: readonly MemberRecord[], { due, least, ready }: Ending): number {
  let ended = 0;
  let waiting = endable;
  while (ended < due) {
    const group = groupOf(work);
    if (group === undefined || group.suspended.includes('Terminate')) break;
    const counted = group.members.filter(isCounted);
    const spare = counted.filter(ready).length - least;
    const candidates = waiting.filter((member) => spare > 0 || !ready(member));
    const unready = candidates.filter((member) => !ready(member));
    const order = { current: group.template, now: work.now, all: counted };
    const first = firstToGo(work.region.state, group, unready.length > 0 ? unready : candidates, order);
    if (first === undefined) break;
    const cause = `${atTime(work.now)} an instance was taken out of service in response to an instance refresh.`;
    leaveService(work, group, first, { state: 'Terminating', cause });
    waiting = waiting.filter(({ instanceId }) => instanceId !== first.instanceId);
    ended += 1;
  }
  return ended;
}

/** Everything that may be replaced by now has been: a checkpoint is reached, or the end. */
function settled(work: Work, refresh: InstanceRefreshRecord): void {
  const { preferences, checkpoint, checkpointAt, rollback } = refresh;
  const { checkpoints, checkpointDelay, bakeTime } = preferences;
  const isLast = rollback !== undefined || checkpoint >= checkpoints.length - 1;
  if (isLast) {
    if (bakeTime === 0 || rollback !== undefined) succeed(work, refresh);
    else changeRefresh(work, refresh, { status: 'Baking', bakingSince: work.now, progressAt: work.now });
  } else if (checkpointAt === undefined) {
    const reason = `Checkpoint reached: ${checkpoints[checkpoint]}% of the instances are replaced. Waiting for ${checkpointDelay} seconds.`;
    changeRefresh(work, refresh, { checkpointAt: work.now, progressAt: work.now, reason });
  } else if (work.now - checkpointAt >= checkpointDelay * 1000) {
    const passed = { checkpoint: checkpoint + 1, checkpointAt: undefined, reason: undefined };
    changeRefresh(work, refresh, { ...passed, progressAt: work.now });
  }
}

/** Launches that fail so many times in a row are no accident. */
const FAILURES = 3;

/** Seconds without progress. */
const PATIENCE = 3600;

function failureOf(
  { now }: Work,
  group: ScalingGroupRecord,
  { progressAt, preferences, checkpointAt }: InstanceRefreshRecord,
  old: readonly MemberRecord[],
): string | undefined {
  if (group.failures >= FAILURES)
    return `Launching instances failed ${group.failures} times. ${group.failure ?? ''}`.trim();
  if (checkpointAt !== undefined) return undefined;
  if (now - progressAt < (PATIENCE + preferences.warmup) * 1000) return undefined;
  const held = old.filter(({ isProtected, state }) => isProtected || state === 'Standby');
  const because = held.length === 0 ? '' : ` ${held.length} instances stand by or are protected from scale in.`;
  return `The instance refresh made no progress for an hour.${because}`;
}

interface Waiting {
  readonly fresh: readonly MemberRecord[];
  readonly ready: (member: MemberRecord) => boolean;
  readonly held: number;
}

function tellWhy(work: Work, refresh: InstanceRefreshRecord, { fresh, ready, held }: Waiting): void {
  const warming = fresh.find((member) => member.state === 'InService' && !ready(member));
  const starting = fresh.find(({ state }) => state !== 'InService');
  const reason =
    warming !== undefined
      ? `Waiting for instances to warm up before continuing. For example: ${warming.instanceId} is warming up.`
      : starting !== undefined
        ? `Waiting for remaining instances to be available. For example: ${starting.instanceId} is ${starting.state}.`
        : held > 0
          ? `Waiting for ${held} instances that stand by or are protected from scale in.`
          : undefined;
  if (reason !== refresh.reason) changeRefresh(work, refresh, { reason });
}
