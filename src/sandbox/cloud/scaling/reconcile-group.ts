/** One look at one group: everything that follows from its record and from how its instances are. */

import { keepCapacity } from './capacity.ts';
import { leaveService } from './leave-service.ts';
import { maintain } from './maintain.ts';
import { judgeMembers } from './member-health.ts';
import { stepMembers } from './member-life.ts';
import { isTerminating } from './members.ts';
import { stepRefresh } from './refresh-step.ts';
import { removeGroup } from './remove-group.ts';
import { groupOf, type Work } from './work.ts';

export function reconcileGroup(work: Work): void {
  stepMembers(work);
  if (groupOf(work)?.deleting === true) endGroup(work);
  else keepGroup(work);
}

function keepGroup(work: Work): void {
  judgeMembers(work);
  const refreshing = stepRefresh(work);
  const group = groupOf(work);
  if (group !== undefined) keepCapacity(work, refreshing ?? maintain(work, group));
}

/** What is protected, or stands by, goes too. */
function endGroup(work: Work): void {
  const group = groupOf(work);
  if (group === undefined) return;
  const cause = 'the Auto Scaling group was deleted.';
  for (const member of group.members) {
    if (!isTerminating(member)) leaveService(work, group, member, { state: 'Terminating', cause });
  }
  if (group.members.length === 0) removeGroup(work.region, group.id);
}
