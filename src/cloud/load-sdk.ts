/** The AWS SDK, each client loaded when first used: half a second for EC2's. */

import { createRequire } from 'node:module';
import { env } from 'node:process';

export interface Sdk {
  readonly config: () => typeof import('@smithy/core/config');
  readonly ec2: () => typeof import('@aws-sdk/client-ec2');
  readonly elb: () => typeof import('@aws-sdk/client-elastic-load-balancing-v2');
  readonly autoscaling: () => typeof import('@aws-sdk/client-auto-scaling');
  readonly s3: () => typeof import('@aws-sdk/client-s3');
  readonly sts: () => typeof import('@aws-sdk/client-sts');
}

let sdk: Sdk | undefined;

/** `require` and not `import()`: the bundle may be one script, in which only `require` finds packages. */
export function loadSdk(): Sdk {
  // Said on every start otherwise, by releases that still run on every Node that we do.
  env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const require = createRequire(import.meta.url);
  sdk ??= {
    config: () => require('@smithy/core/config'),
    ec2: () => require('@aws-sdk/client-ec2'),
    elb: () => require('@aws-sdk/client-elastic-load-balancing-v2'),
    autoscaling: () => require('@aws-sdk/client-auto-scaling'),
    s3: () => require('@aws-sdk/client-s3'),
    sts: () => require('@aws-sdk/client-sts'),
  };
  return sdk;
}
