/** What removers work with. */

import type { EC2 } from '@aws-sdk/client-ec2';
import type { Resource } from '../journal/resource.ts';

export interface Removal {
  /** The client of the resource's region. */
  readonly ec2: EC2;
  readonly run: string;
  /** Milliseconds since the resource was noted: what was about to be made a moment ago may not be visible yet. */
  readonly age: number;
  /** A machine could not be removed, so what it uses is in use and stays so. */
  readonly inUse: boolean;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

/** Removes something, or finds that it is gone or was never made. Throws what the cloud answers. */
export type Remover = (resource: Resource, removal: Removal) => Promise<void>;
