import type { ScalingActivityStatusCode } from '@aws-sdk/client-auto-scaling';
import type { Resource } from '../state.ts';

/** What a group did, or is doing. `createdAt` is when it began. */
export interface ScalingActivityRecord extends Resource {
  readonly groupId: string;
  readonly groupName: string;
  readonly description: string;
  readonly cause: string;
  readonly status: ScalingActivityStatusCode;
  readonly message?: string;
  readonly endedAt?: number;
  /** In percent. */
  readonly progress: number;
  /** JSON. */
  readonly details: string;
}
