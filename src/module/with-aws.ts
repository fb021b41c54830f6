/** AWS for modules: they call it from the control machine, wherever their task runs. */

import type { Cloud } from '../cloud/cloud.ts';
import { asFault } from '../cloud/cloud-error.ts';
import { openCloud } from '../cloud/open-cloud.ts';
import { Fault } from '../fault.ts';

/** Where and as whom; what is absent is found as the SDK finds it: in the environment and the user's AWS configuration. */
export interface AwsAccess {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpoint_url?: string | undefined;
  readonly access_key?: string | undefined;
  readonly secret_key?: string | undefined;
  readonly session_token?: string | undefined;
}

/** The SDK's clients, each made when first asked for. */
export type Aws = Pick<Cloud, 'region' | 'ec2' | 'elb' | 'autoscaling' | 's3'>;

/**
 * Throws the Faults `cloud-credentials`, `cloud-denied`, `cloud-refused` and `cloud-unreachable` for the SDK's errors that
 * `work` lets pass: each makes the task fail.
 */
export async function withAws<T>(access: AwsAccess, work: (aws: Aws) => Promise<T>): Promise<T> {
  const { region, profile, endpoint_url: endpoint, access_key, secret_key, session_token } = access;
  const keys =
    access_key === undefined || secret_key === undefined
      ? undefined
      : { accessKeyId: access_key, secretAccessKey: secret_key, ...(session_token && { sessionToken: session_token }) };
  try {
    const cloud = await openCloud({ kind: 'aws', why: '', region, profile, endpoint, credentials: keys });
    try {
      return await work(cloud);
    } finally {
      cloud.close();
    }
  } catch (error) {
    throw forTasks(asFault(error));
  }
}

/** The hints of bakes and rollouts speak of their configuration, which plays do not read. */
function forTasks(error: unknown): unknown {
  if (!(error instanceof Fault) || error.hint === undefined) return error;
  const hint =
    error.code === 'config-invalid'
      ? 'give the task  region:  or set AWS_REGION'
      : error.hint.includes('playbake.yml')
        ? 'see  region:, profile:, endpoint_url: and the keys of the task, and AWS_PROFILE, AWS_REGION and AWS_ENDPOINT_URL'
        : error.hint;
  return new Fault(error.code, error.message, { hint, cause: error });
}
