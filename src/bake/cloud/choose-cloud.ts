/** Which cloud a configuration means. */

import { basename } from 'node:path';
import { Fault } from '../../fault.ts';
import type { Config } from '../config/config.ts';
import type { Cloud } from './cloud.ts';
import { openCloud } from './open-cloud.ts';

/** What the sandbox takes from everybody. */
const ANYBODY = { accessKeyId: 'playbake', secretAccessKey: 'playbake' };
const SANDBOX_REGION = 'us-east-1';

/** Opens it; nothing is called yet. */
export async function chooseCloud(config: Config): Promise<Cloud> {
  const { cloud: kind = 'sandbox', region, profile, endpoint } = config;
  const why = whyThis(config);
  if (kind === 'aws') return openCloud({ kind, why, region, profile, endpoint });
  if (endpoint !== undefined) {
    return openCloud({ kind, why, region: region ?? SANDBOX_REGION, endpoint, credentials: ANYBODY });
  }
  throw new Fault('not-built', 'the sandbox cannot launch machines for a bake yet', {
    hint: 'write  cloud: aws  into playbake.yml, with a region and a base image',
  });
}

function whyThis({ file, cloud, endpoint }: Config): string {
  if (file === undefined) return 'there is no playbake.yml';
  const name = basename(file);
  const says = cloud === undefined ? `${name} names no cloud` : `cloud: ${cloud} in ${name}`;
  return endpoint === undefined ? says : `${says}, endpoint ${endpoint}`;
}
