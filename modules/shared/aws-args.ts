/** The arguments of Ansible's modules for AWS that say where and as whom. */

import type { Args } from '../../src/module/module.ts';

export const AWS_ARGS = {
  region: {
    type: 'string',
    alias: ['aws_region', 'ec2_region'],
    doc: 'The region; default: as the AWS tools find it.',
  },
  profile: { type: 'string', alias: ['aws_profile'], doc: 'The profile of the user’s AWS configuration.' },
  endpoint_url: {
    type: 'string',
    alias: ['aws_endpoint_url', 'ec2_url', 's3_url'],
    doc: 'Another address than AWS’s own, such as that of the sandbox.',
  },
  access_key: {
    type: 'string',
    alias: ['aws_access_key_id', 'aws_access_key', 'ec2_access_key'],
    doc: 'The access key, with secret_key.',
  },
  secret_key: {
    type: 'string',
    alias: ['aws_secret_access_key', 'aws_secret_key', 'ec2_secret_key'],
    secret: true,
    doc: 'The secret key.',
  },
  session_token: {
    type: 'string',
    alias: ['aws_session_token', 'aws_security_token', 'security_token', 'access_token'],
    secret: true,
    doc: 'The token of temporary keys.',
  },
} as const satisfies Args;

export const AWS_UNSUPPORTED = {
  aws_ca_bundle: 'set NODE_EXTRA_CA_CERTS where playbake is started',
  aws_config: 'there is no botocore to configure',
  debug_botocore_endpoint_logs: 'there is no botocore',
  validate_certs: 'certificates are always checked; set NODE_EXTRA_CA_CERTS for an authority of your own',
};

interface Keys {
  readonly profile?: string | undefined;
  readonly access_key?: string | undefined;
  readonly secret_key?: string | undefined;
}

/** What is wrong with the keys together, or undefined. */
export function wrongKeys({ profile, access_key, secret_key }: Keys): string | undefined {
  if ((access_key === undefined) !== (secret_key === undefined)) return 'access_key and secret_key belong together';
  if (profile !== undefined && access_key !== undefined) return 'parameters are mutually exclusive: profile|access_key';
  return undefined;
}
