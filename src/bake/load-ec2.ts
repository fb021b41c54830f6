/** The AWS SDK: half a second of loading, so only a bake that calls the cloud does it. */

import { createRequire } from 'node:module';
import { env } from 'node:process';

interface Sdk {
  readonly ec2: typeof import('@aws-sdk/client-ec2');
  readonly sts: typeof import('@aws-sdk/client-sts');
}

let sdk: Sdk | undefined;

/** `require` and not `import()`: the bundle may be one script, in which only `require` finds packages. */
export function loadEc2(): Sdk {
  // Said on every start otherwise, by releases that still run on every Node that we do.
  env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const require = createRequire(import.meta.url);
  sdk ??= { ec2: require('@aws-sdk/client-ec2'), sts: require('@aws-sdk/client-sts') };
  return sdk;
}
