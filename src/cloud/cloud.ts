/** The cloud that a bake or a rollout works in. */

import type { AutoScaling } from '@aws-sdk/client-auto-scaling';
import type { EC2 } from '@aws-sdk/client-ec2';
import type { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { S3 } from '@aws-sdk/client-s3';
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
  elb(): ElasticLoadBalancingV2;
  autoscaling(): AutoScaling;
  /** @param endpoint default: the cloud's. */
  s3(options?: { readonly region?: string | undefined; readonly endpoint?: string | undefined }): S3;
  close(): void;
}
