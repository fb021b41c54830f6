/** The SDK's clients for a cloud, set up to outlast throttling. */

import type { EC2 } from '@aws-sdk/client-ec2';
import { Fault } from '../../fault.ts';
import type { CloudKind } from '../config/config.ts';
import { loadEc2 } from '../load-ec2.ts';
import type { Cloud } from './cloud.ts';
import { CALLED } from './cloud-error.ts';

/** Each call may wait for about a minute and a half in all. The SDK's own default ends after 2.4 seconds. */
const ATTEMPTS = 12;

export interface OpenCloudOptions {
  readonly kind: CloudKind;
  readonly why: string;
  /** Default: what the SDK finds in the environment and the profile. */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
  /** Default: the SDK's chain. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
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
  const sdk = loadEc2();
  const common = {
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
  };
  const clients = new Map<string, EC2>();
  const clientFor = (wanted: string | undefined): EC2 => {
    const client = new sdk.ec2.EC2({ ...common, ...(wanted !== undefined && { region: wanted }) });
    client.middlewareStack.add(
      (next, context) => async (args) => {
        try {
          return await next(args);
        } catch (error) {
          if (error instanceof Error) CALLED.set(error, String(context.commandName).replace(/Command$/, ''));
          throw error;
        }
      },
      { step: 'initialize', name: 'rememberCommand' },
    );
    return client;
  };
  const first = clientFor(region);
  const own = await first.config.region().catch((cause: unknown) => {
    throw new Fault('config-invalid', 'no region is given', {
      hint: 'write  region: eu-central-1  into playbake.yml, or set AWS_REGION',
      cause,
    });
  });
  clients.set(own, first);
  return {
    kind,
    why,
    region: own,
    endpoint,
    async account() {
      // Few attempts: who mistyped an endpoint wants to know it soon.
      const sts = new sdk.sts.STS({ ...common, maxAttempts: 3 });
      try {
        const { Account = '' } = await sts.getCallerIdentity({});
        return Account;
      } catch (error) {
        if (error instanceof Error) CALLED.set(error, 'GetCallerIdentity');
        throw error;
      } finally {
        sts.destroy();
      }
    },
    ec2(wanted = own) {
      const client = clients.get(wanted) ?? clientFor(wanted);
      clients.set(wanted, client);
      return client;
    },
    close() {
      for (const client of clients.values()) client.destroy();
    },
  };
}
