import type { Cloud } from '../cloud.ts';
import type { Region } from '../region.ts';
import type { ScalingGroupRecord } from './group-record.ts';

/** One look at one group. */
export interface Work {
  readonly cloud: Cloud;
  /** Without delay. */
  readonly region: Region;
  readonly groupId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Numbers of machines that no record has. */
  readonly taken: ReadonlySet<number>;
}

/** The group as it is at this moment. */
export function groupOf({ region, groupId }: Pick<Work, 'region' | 'groupId'>): ScalingGroupRecord | undefined {
  return region.state.scalingGroups[groupId];
}
