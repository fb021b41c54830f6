/** Instance refreshes as the state keeps them. Times are milliseconds since 1970, spans are seconds as the API has them. */

import type { InstanceRefreshStatus } from '@aws-sdk/client-auto-scaling';
import type { Resource } from '../state.ts';
import type { HealthyRange, TemplateChoice } from './group-record.ts';

/** `createdAt` is when it was asked for. */
export interface InstanceRefreshRecord extends Resource {
  readonly groupId: string;
  readonly status: InstanceRefreshStatus;
  readonly reason?: string | undefined;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** What instances shall be launched from; absent: from what the group has. */
  readonly desired?: TemplateChoice;
  readonly preferences: RefreshPreferencesRecord;
  /** How many instances there were to replace when it began; of a rollback, when that began. */
  readonly total: number;
  /** How many new ones are in service and warm. */
  readonly updated: number;
  /** When `updated`, or what there is to do, last changed. */
  readonly progressAt: number;
  /** How many checkpoints lie behind. */
  readonly checkpoint: number;
  /** When the checkpoint was reached whose delay goes on. */
  readonly checkpointAt?: number | undefined;
  readonly bakingSince?: number | undefined;
  readonly rollback?: RollbackRecord;
}

export interface RefreshPreferencesRecord extends HealthyRange {
  readonly warmup: number;
  /** Percentages. */
  readonly checkpoints: readonly number[];
  readonly checkpointDelay: number;
  readonly skipMatching: boolean;
  readonly autoRollback: boolean;
  readonly bakeTime: number;
  readonly standby: 'Terminate' | 'Ignore' | 'Wait';
  readonly protected: 'Refresh' | 'Ignore' | 'Wait';
}

export interface RollbackRecord {
  readonly reason: string;
  readonly at: number;
  readonly percentage: number;
  readonly toUpdate: number;
}

/** Those in which it still does something. */
const ACTIVE: readonly InstanceRefreshStatus[] = [
  'Pending',
  'InProgress',
  'Baking',
  'Cancelling',
  'RollbackInProgress',
];

export function isActive({ status }: InstanceRefreshRecord): boolean {
  return ACTIVE.includes(status);
}

/** How instances are marked that it launches: a rollback replaces those that it launched before. */
export function markOf({ id, rollback }: InstanceRefreshRecord): string {
  return rollback === undefined ? id : `${id} rollback`;
}

/** What is done, in percent; of a rollback, what is not undone yet. */
export function percentageOf({ total, updated, rollback, status }: InstanceRefreshRecord): number {
  if (status === 'Successful') return 100;
  if (status === 'RollbackSuccessful') return 0;
  const part = total === 0 ? 1 : Math.min(1, updated / total);
  return rollback === undefined ? Math.floor(100 * part) : Math.ceil(rollback.percentage * (1 - part));
}

/** How many instances are still to be updated. */
export function remainingOf({ total, updated, rollback, status }: InstanceRefreshRecord): number {
  if (rollback !== undefined) return rollback.toUpdate;
  return status === 'Successful' ? 0 : Math.max(0, total - updated);
}
