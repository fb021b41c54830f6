/** How an instance refresh ends, or turns back. */

import { isCounted } from './members.ts';
import { type InstanceRefreshRecord, percentageOf, remainingOf } from './refresh-record.ts';
import { groupOf, type Work } from './work.ts';

export function changeRefresh(
  { region }: Pick<Work, 'region'>,
  { id }: InstanceRefreshRecord,
  changes: Partial<InstanceRefreshRecord>,
): void {
  region.change('instanceRefreshes', id, (before) => ({ ...before, ...changes }));
}

export function succeed(work: Work, refresh: InstanceRefreshRecord): void {
  const { desired, rollback } = refresh;
  const { region, groupId, now } = work;
  const status = rollback === undefined ? 'Successful' : 'RollbackSuccessful';
  changeRefresh(work, refresh, { status, endedAt: now, reason: rollback?.reason });
  if (desired !== undefined && rollback === undefined)
    region.change('scalingGroups', groupId, (group) => ({ ...group, template: desired }));
}

/** Goes back where that was asked for. */
export function failRefresh(work: Work, refresh: InstanceRefreshRecord, reason: string): void {
  const { preferences, rollback } = refresh;
  const status = rollback === undefined ? 'Failed' : 'RollbackFailed';
  if (preferences.autoRollback && rollback === undefined) rollBack(work, refresh, `Auto rollback: ${reason}`);
  else changeRefresh(work, refresh, { status, reason, endedAt: work.now });
}

/** What was launched for the refresh is replaced by what the group has as its configuration, which is the earlier one. */
export function rollBack(
  work: Pick<Work, 'region' | 'groupId' | 'now'>,
  refresh: InstanceRefreshRecord,
  reason: string,
): void {
  const { region, groupId, now } = work;
  const members = groupOf(work)?.members ?? [];
  changeRefresh(work, refresh, {
    status: 'RollbackInProgress',
    reason,
    rollback: { reason, at: now, percentage: percentageOf(refresh), toUpdate: remainingOf(refresh) },
    total: members.filter((member) => isCounted(member) && member.launchedBy === refresh.id).length,
    updated: 0,
    progressAt: now,
    checkpointAt: undefined,
  });
  // The earlier configuration has not failed yet.
  region.change('scalingGroups', groupId, ({ retryAt: _, failure: __, ...group }) => ({ ...group, failures: 0 }));
}
