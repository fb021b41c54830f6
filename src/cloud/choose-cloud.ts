/** Which cloud a configuration means. */

import { basename } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Cloud } from './cloud.ts';
import { openCloud } from './open-cloud.ts';

/** How the sandbox's server is called. */
export interface SandboxAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Opens it; of AWS, nothing is called yet.
 * @param startSandbox makes the sandbox answer calls; asked only where it is the cloud and no endpoint is given.
 */
export async function chooseCloud(config: Config, startSandbox: () => Promise<SandboxAccess>): Promise<Cloud> {
  const { cloud: kind = 'sandbox', region, profile, endpoint } = config;
  const why = whyThis(config);
  if (kind === 'aws') return openCloud({ kind, why, region, profile, endpoint });
  const access = endpoint === undefined ? await startSandbox() : { ...ANYBODY, endpoint };
  return openCloud({ kind, why, region: region ?? access.region, endpoint: access.endpoint, credentials: access });
}

/** The sandbox takes all keys. */
const ANYBODY = { region: 'us-east-1', accessKeyId: 'playbake', secretAccessKey: 'playbake' };

function whyThis({ file, cloud, endpoint }: Config): string {
  if (file === undefined) return 'there is no playbake.yml';
  const name = basename(file);
  const says = cloud === undefined ? `${name} names no cloud` : `cloud: ${cloud} in ${name}`;
  return endpoint === undefined ? says : `${says}, endpoint ${endpoint}`;
}
