import type { InstanceRefresh } from '@aws-sdk/client-auto-scaling';
import type { ScalingGroupRecord } from './group-record.ts';
import { type InstanceRefreshRecord, percentageOf, remainingOf } from './refresh-record.ts';
import { shownTemplateChoice } from './shown-scaling-group.ts';

/** An instance refresh as the API shows it. */
export function shownRefresh(refresh: InstanceRefreshRecord, { name }: ScalingGroupRecord): InstanceRefresh {
  const { id, status, reason, startedAt, endedAt, desired, preferences, rollback } = refresh;
  const { checkpoints, checkpointDelay } = preferences;
  return {
    InstanceRefreshId: id,
    AutoScalingGroupName: name,
    Status: status,
    ...(reason === undefined ? {} : { StatusReason: reason }),
    ...(startedAt === undefined ? {} : { StartTime: new Date(startedAt) }),
    ...(endedAt === undefined ? {} : { EndTime: new Date(endedAt) }),
    // Not known before it has begun.
    ...(status === 'Pending'
      ? {}
      : { PercentageComplete: percentageOf(refresh), InstancesToUpdate: remainingOf(refresh) }),
    Preferences: {
      MinHealthyPercentage: preferences.min,
      MaxHealthyPercentage: preferences.max,
      InstanceWarmup: preferences.warmup,
      ...(checkpoints.length === 0
        ? {}
        : { CheckpointPercentages: [...checkpoints], CheckpointDelay: checkpointDelay }),
      SkipMatching: preferences.skipMatching,
      AutoRollback: preferences.autoRollback,
      BakeTime: preferences.bakeTime,
      StandbyInstances: preferences.standby,
      ScaleInProtectedInstances: preferences.protected,
    },
    ...(desired === undefined ? {} : { DesiredConfiguration: { LaunchTemplate: shownTemplateChoice(desired) } }),
    ...(rollback === undefined
      ? {}
      : {
          RollbackDetails: {
            RollbackReason: rollback.reason,
            RollbackStartTime: new Date(rollback.at),
            PercentageCompleteOnRollback: rollback.percentage,
            InstancesToUpdateOnRollback: rollback.toUpdate,
          },
        }),
    Strategy: 'Rolling',
  };
}
