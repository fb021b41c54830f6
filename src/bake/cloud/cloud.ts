/** The cloud that a bake works in. */

import type { EC2 } from '@aws-sdk/client-ec2';
import type { CloudKind } from '../config/config.ts';

export interface Cloud {
  readonly kind: CloudKind;
  /** Why this one, for the first line of the output. */
  readonly why: string;
  readonly region: string;
  /** Undefined: AWS's own. */
  readonly endpoint: string | undefined;
  /** The account of the credentials. Throws `cloud-credentials`, `cloud-unreachable`: the first call that is made. */
  account(): Promise<string>;
  /** @param region default: the cloud's. */
  ec2(region?: string): EC2;
  close(): void;
}
