import type { RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import { only } from '../only.ts';
import type { ScalingGroupRecord } from './group-record.ts';
import { checkedRange } from './group-settings.ts';
import { invalid, within } from './invalid.ts';
import type { RefreshPreferencesRecord } from './refresh-record.ts';

const KNOWN = [
  ...['MinHealthyPercentage', 'MaxHealthyPercentage', 'InstanceWarmup', 'CheckpointPercentages', 'CheckpointDelay'],
  ...['SkipMatching', 'AutoRollback', 'BakeTime', 'StandbyInstances', 'ScaleInProtectedInstances'],
];

/** With AWS's defaults, and the group's. Throws the ApiErrors `ValidationError` and, for alarms, `UnsupportedOperation`. */
export function refreshPreferences(
  said: RefreshPreferences = {},
  { maintenance, warmup, grace }: ScalingGroupRecord,
): RefreshPreferencesRecord {
  only(
    { ...said, AlarmSpecification: said.AlarmSpecification?.Alarms?.length ? said.AlarmSpecification : undefined },
    KNOWN,
  );
  if (said.MaxHealthyPercentage !== undefined && said.MinHealthyPercentage === undefined) {
    throw invalid('MaxHealthyPercentage needs MinHealthyPercentage beside it.');
  }
  const range = said.MinHealthyPercentage === undefined ? maintenance : undefined;
  const min = range?.min ?? said.MinHealthyPercentage ?? 90;
  const max = range?.max ?? said.MaxHealthyPercentage ?? 100;
  within('InstanceWarmup', said.InstanceWarmup, 0, 1_000_000);
  within('CheckpointDelay', said.CheckpointDelay, 0, 172_800);
  within('BakeTime', said.BakeTime, 0, 172_800);
  return {
    ...checkedRange({ min, max }),
    warmup: said.InstanceWarmup ?? warmup ?? grace,
    checkpoints: checkpointsOf(said),
    checkpointDelay: said.CheckpointDelay ?? 3600,
    skipMatching: said.SkipMatching ?? false,
    autoRollback: said.AutoRollback ?? false,
    bakeTime: said.BakeTime ?? 0,
    standby: said.StandbyInstances ?? 'Wait',
    protected: said.ScaleInProtectedInstances ?? 'Wait',
  };
}

function checkpointsOf({ CheckpointPercentages = [], CheckpointDelay }: RefreshPreferences): readonly number[] {
  if (CheckpointDelay !== undefined && CheckpointPercentages.length === 0) {
    throw invalid('CheckpointDelay needs CheckpointPercentages beside it.');
  }
  for (const percentage of CheckpointPercentages) within('CheckpointPercentages', percentage, 1, 100);
  const isRising = CheckpointPercentages.every(
    (value, index) => index === 0 || value > (CheckpointPercentages[index - 1] ?? 0),
  );
  if (isRising) return CheckpointPercentages;
  throw invalid('CheckpointPercentages must be in ascending order, each of them once.');
}
