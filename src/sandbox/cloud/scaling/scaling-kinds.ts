import type { ScalingActivityRecord } from './activity-record.ts';
import type { ScalingGroupRecord } from './group-record.ts';
import type { InstanceRefreshRecord } from './refresh-record.ts';

/** What Auto Scaling keeps of a region; ids are UUIDs. */
export interface ScalingKinds {
  readonly scalingGroups: ScalingGroupRecord;
  readonly scalingActivities: ScalingActivityRecord;
  readonly instanceRefreshes: InstanceRefreshRecord;
}
