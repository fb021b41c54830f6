/** Instance refreshes: begun, shown, cancelled, rolled back. What they do is in refresh-step.ts. */

import { randomUUID } from 'node:crypto';
import type {
  CancelInstanceRefreshAnswer,
  CancelInstanceRefreshType,
  DescribeInstanceRefreshesAnswer,
  DescribeInstanceRefreshesType,
  RollbackInstanceRefreshAnswer,
  RollbackInstanceRefreshType,
  StartInstanceRefreshAnswer,
  StartInstanceRefreshType,
} from '@aws-sdk/client-auto-scaling';
import type { Action, Actions, Context } from '../../action.ts';
import { only } from '../../only.ts';
import { ApiError } from '../../protocol/api-error.ts';
import { chosenTemplate, mustLaunch } from '../chosen-template.ts';
import { findScalingGroup } from '../find-scaling-group.ts';
import type { ScalingGroupRecord, TemplateChoice } from '../group-record.ts';
import { invalid } from '../invalid.ts';
import { pageOf } from '../page-of.ts';
import { changeRefresh, rollBack } from '../refresh-end.ts';
import { refreshPreferences } from '../refresh-preferences.ts';
import type { InstanceRefreshRecord } from '../refresh-record.ts';
import { activeRefresh } from '../refresh-step.ts';
import { shownRefresh } from '../shown-refresh.ts';

const start: Action<StartInstanceRefreshType, StartInstanceRefreshAnswer> = (input, context) => {
  const { AutoScalingGroupName, Strategy = 'Rolling', DesiredConfiguration, Preferences } = input;
  const { region, now } = context;
  if (Strategy !== 'Rolling')
    throw invalid(`The sandbox does not have the refresh strategy ${Strategy}, only Rolling.`);
  const group = findScalingGroup(region, AutoScalingGroupName);
  if (group.deleting) throw invalid(`The Auto Scaling group ${group.name} is pending deletion.`);
  only(DesiredConfiguration ?? {}, ['LaunchTemplate']);
  const specification = DesiredConfiguration?.LaunchTemplate;
  const desired = specification === undefined ? undefined : chosenTemplate(context, specification);
  const preferences = refreshPreferences(Preferences, group);
  if (preferences.autoRollback) {
    const why = irreversible(group, desired);
    if (why !== undefined) throw invalid(`AutoRollback cannot be enabled: ${why}`);
  }
  if (activeRefresh({ region, groupId: group.id }) !== undefined) {
    throw new ApiError(
      'InstanceRefreshInProgress',
      'An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.',
    );
  }
  mustLaunch(context, group, desired);
  const record: InstanceRefreshRecord = {
    id: randomUUID(),
    tags: {},
    createdAt: now,
    groupId: group.id,
    status: 'Pending',
    ...(desired === undefined ? {} : { desired }),
    preferences,
    total: 0,
    updated: 0,
    progressAt: now,
    checkpoint: 0,
  };
  region.put('instanceRefreshes', record);
  // Launches that failed before say nothing of this one.
  region.change('scalingGroups', group.id, (before) => ({ ...before, failures: 0, retryAt: 0 }));
  return { InstanceRefreshId: record.id };
};

/** Why there would be no way back; undefined where there is. */
function irreversible(group: ScalingGroupRecord, desired: TemplateChoice | undefined): string | undefined {
  if (desired === undefined) return 'the instance refresh has no desired configuration.';
  for (const { version } of [desired, group.template]) {
    if (/^\d+$/.test(version)) continue;
    return `the launch template version ${version} of the Auto Scaling group or of the desired configuration is no number.`;
  }
  return undefined;
}

const describe: Action<DescribeInstanceRefreshesType, DescribeInstanceRefreshesAnswer> = (input, { region }) => {
  const { AutoScalingGroupName, InstanceRefreshIds: ids = [], MaxRecords, NextToken } = input;
  const group = findScalingGroup(region, AutoScalingGroupName);
  const own = region.all('instanceRefreshes').filter(({ groupId }) => groupId === group.id);
  const missing = ids.find((id) => !own.some((refresh) => refresh.id === id));
  if (missing !== undefined)
    throw invalid(`Instance Refresh ${missing} of Auto Scaling group ${group.name} not found.`);
  const wanted = [...own].reverse().filter(({ id }) => ids.length === 0 || ids.includes(id));
  const { items, next } = pageOf(wanted, MaxRecords, NextToken);
  return { InstanceRefreshes: items.map((refresh) => shownRefresh(refresh, group)), ...next };
};

const cancel: Action<CancelInstanceRefreshType, CancelInstanceRefreshAnswer> = (input, context) => {
  const refresh = active(context, input.AutoScalingGroupName);
  if (refresh.status === 'Cancelling') throw none(input.AutoScalingGroupName);
  const now = { status: 'Cancelling', reason: 'Cancelled by user request.', checkpointAt: undefined } as const;
  const waits = input.WaitForTransitioningInstances !== false;
  changeRefresh(context, refresh, waits ? now : { ...now, status: 'Cancelled', endedAt: context.now });
  return { InstanceRefreshId: refresh.id };
};

const rollback: Action<RollbackInstanceRefreshType, RollbackInstanceRefreshAnswer> = (input, context) => {
  const { region, now } = context;
  const refresh = active(context, input.AutoScalingGroupName);
  if (refresh.status === 'Cancelling' || refresh.rollback !== undefined) throw none(input.AutoScalingGroupName);
  const why = irreversible(findScalingGroup(region, input.AutoScalingGroupName), refresh.desired);
  if (why !== undefined)
    throw new ApiError('IrreversibleInstanceRefresh', `The instance refresh cannot be rolled back: ${why}`);
  rollBack({ region, groupId: refresh.groupId, now }, refresh, 'Manual rollback requested by user.');
  return { InstanceRefreshId: refresh.id };
};

function active({ region }: Context, name: string | undefined): InstanceRefreshRecord {
  const { id } = findScalingGroup(region, name);
  const refresh = activeRefresh({ region, groupId: id });
  if (refresh === undefined) throw none(name);
  return refresh;
}

function none(name: string | undefined): ApiError {
  return new ApiError(
    'ActiveInstanceRefreshNotFound',
    `No in progress or pending Instance Refresh found for Auto Scaling group ${name}`,
  );
}

export const INSTANCE_REFRESH_ACTIONS: Actions = {
  StartInstanceRefresh: start,
  DescribeInstanceRefreshes: describe,
  CancelInstanceRefresh: cancel,
  RollbackInstanceRefresh: rollback,
};
