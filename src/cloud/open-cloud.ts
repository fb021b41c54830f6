/** The SDK's clients for a cloud, set up to outlast throttling. */

import type { AutoScaling } from '@aws-sdk/client-auto-scaling';
import type { EC2 } from '@aws-sdk/client-ec2';
import type { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { S3 } from '@aws-sdk/client-s3';
import type { CloudKind } from '../config/config.ts';
import { Fault } from '../fault.ts';
import type { Cloud } from './cloud.ts';
import { Kept } from './kept.ts';
import { loadSdk, type Sdk } from './load-sdk.ts';
import { remembering } from './remembering.ts';

/** Each call may wait for about a minute and a half in all. The SDK's own default ends after 2.4 seconds. */
const ATTEMPTS = 12;

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface OpenCloudOptions {
  readonly kind: CloudKind;
  readonly why: string;
  /** Default: what the SDK finds in the environment and the profile. */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
  /** Default: the SDK's chain. */
  readonly credentials?: Credentials | undefined;
}

/** Throws `config-invalid` where there is no region. */
export async function openCloud({
  kind,
  why,
  region,
  profile,
  endpoint,
  credentials,
}: OpenCloudOptions): Promise<Cloud> {
  const sdk = loadSdk();
  const own = await regionOf(sdk, region, profile);
  const common = {
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    region: own,
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
  };
  const ec2s = new Kept<EC2>();
  const elbs = new Kept<ElasticLoadBalancingV2>();
  const scalings = new Kept<AutoScaling>();
  const s3s = new Kept<S3>();
  return {
    kind,
    why,
    region: own,
    endpoint,
    async account() {
      // Few attempts: who mistyped an endpoint wants to know it soon.
      const sts = remembering('sts', new (sdk.sts().STS)({ ...common, maxAttempts: 3 }));
      try {
        const { Account = '' } = await sts.getCallerIdentity({});
        return Account;
      } finally {
        sts.destroy();
      }
    },
    ec2: (wanted = own) =>
      ec2s.get(wanted, () => remembering('ec2', new (sdk.ec2().EC2)({ ...common, region: wanted }))),
    elb: () => elbs.get('', () => remembering('elasticloadbalancing', new (sdk.elb().ElasticLoadBalancingV2)(common))),
    autoscaling: () => scalings.get('', () => remembering('autoscaling', new (sdk.autoscaling().AutoScaling)(common))),
    s3({ region: wanted = own, endpoint: at = endpoint } = {}) {
      const way = { ...common, region: wanted, ...(at !== undefined && { endpoint: at, forcePathStyle: true }) };
      return s3s.get(`${wanted} ${at ?? ''}`, () => remembering('s3', new (sdk.s3().S3)(way)));
    },
    close() {
      for (const kept of [ec2s, elbs, scalings, s3s]) kept.close();
    },
  };
}

/** As the SDK's clients find it; none of them need be loaded for that. */
async function regionOf(sdk: Sdk, given: string | undefined, profile: string | undefined): Promise<string> {
  const { loadConfig, resolveRegionConfig, NODE_REGION_CONFIG_OPTIONS, NODE_REGION_CONFIG_FILE_OPTIONS } = sdk.config();
  const files = { ...NODE_REGION_CONFIG_FILE_OPTIONS, ...(profile !== undefined && { profile }) };
  const { region } = resolveRegionConfig({ region: given ?? loadConfig(NODE_REGION_CONFIG_OPTIONS, files) });
  return region().catch((cause: unknown) => {
    throw new Fault('config-invalid', 'no region is given', {
      hint: 'write  region: eu-central-1  into playbake.yml, or set AWS_REGION',
      cause,
    });
  });
}
