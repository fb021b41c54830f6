/** EC2's ids: a prefix for each kind, and 17 hexadecimal digits; and what EC2 says of ids that are wrong. */

import { randomBytes } from 'node:crypto';
import { ApiError } from './protocol/api-error.ts';
import type { Ec2Kind } from './state.ts';

interface Naming {
  readonly prefix: string;
  /** Of the error codes `….NotFound` and `….Malformed`. */
  readonly code: string;
  /** What it is called in the message. */
  readonly noun: string;
  /** The type that tags are given for. */
  readonly type: string;
  /** The code for a malformed id, where it is not the `code`. */
  readonly malformed?: string;
}

const NAMING: Readonly<Record<Ec2Kind, Naming>> = {
  images: { prefix: 'ami', code: 'InvalidAMIID', noun: 'image id', type: 'image' },
  snapshots: { prefix: 'snap', code: 'InvalidSnapshot', noun: 'snapshot', type: 'snapshot' },
  volumes: { prefix: 'vol', code: 'InvalidVolume', noun: 'volume', type: 'volume' },
  instances: { prefix: 'i', code: 'InvalidInstanceID', noun: 'instance ID', type: 'instance' },
  keyPairs: { prefix: 'key', code: 'InvalidKeyPair', noun: 'key pair', type: 'key-pair' },
  launchTemplates: {
    prefix: 'lt',
    code: 'InvalidLaunchTemplateId',
    noun: 'launch template ID',
    type: 'launch-template',
  },
  clientTokens: { prefix: 'token', code: 'InvalidClientToken', noun: 'client token', type: 'client-token' },
  vpcs: { prefix: 'vpc', code: 'InvalidVpcID', noun: 'vpc ID', type: 'vpc' },
  subnets: { prefix: 'subnet', code: 'InvalidSubnetID', noun: 'subnet ID', type: 'subnet' },
  internetGateways: {
    prefix: 'igw',
    code: 'InvalidInternetGatewayID',
    noun: 'internetGateway ID',
    type: 'internet-gateway',
  },
  routeTables: { prefix: 'rtb', code: 'InvalidRouteTableID', noun: 'routeTable ID', type: 'route-table' },
  networkAcls: { prefix: 'acl', code: 'InvalidNetworkAclID', noun: 'networkAcl ID', type: 'network-acl' },
  securityGroups: {
    prefix: 'sg',
    code: 'InvalidGroup',
    noun: 'security group',
    type: 'security-group',
    malformed: 'InvalidGroupId',
  },
  securityGroupRules: {
    prefix: 'sgr',
    code: 'InvalidSecurityGroupRuleId',
    noun: 'security group rule ID',
    type: 'security-group-rule',
  },
};

/** The kinds whose records have tags of the user's: all but those that only the sandbox knows of. */
export const TAGGED_KINDS: readonly Ec2Kind[] = Object.keys(NAMING)
  .filter(isKind)
  .filter((kind) => kind !== 'clientTokens');

/** What the ids of a kind begin with, before the hyphen. */
export function prefixOf(kind: Ec2Kind): string {
  return NAMING[kind].prefix;
}

/** What the API calls the kind where it speaks of tags, such as `instance`. */
export function typeOf(kind: Ec2Kind): string {
  return NAMING[kind].type;
}

/** A new id for a resource of the kind. */
export function newId(kind: Ec2Kind): string {
  return `${NAMING[kind].prefix}-${randomBytes(9).toString('hex').slice(0, 17)}`;
}

export function notFound(kind: Ec2Kind, ids: readonly string[]): ApiError {
  const { code, noun } = NAMING[kind];
  const [listed, verb] = ids.length === 1 ? [`'${ids[0]}'`, 'does'] : [`'${ids.join(', ')}'`, 'do'];
  return new ApiError(`${code}.NotFound`, `The ${noun}${ids.length === 1 ? '' : 's'} ${listed} ${verb} not exist`);
}

/** The error for an id that cannot be one; undefined for one that could. */
export function shapeOfId(kind: Ec2Kind, id: string): ApiError | undefined {
  const { prefix, code, malformed = code } = NAMING[kind];
  if (new RegExp(`^${prefix}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`).test(id)) return undefined;
  return new ApiError(`${malformed}.Malformed`, `Invalid id: "${id}" (expecting "${prefix}-...")`);
}

/** The kind that an id belongs to by its prefix. */
export function kindOfId(id: string): Ec2Kind | undefined {
  const prefix = id.slice(0, id.lastIndexOf('-'));
  for (const [kind, naming] of Object.entries(NAMING)) if (naming.prefix === prefix && isKind(kind)) return kind;
  return undefined;
}

function isKind(name: string): name is Ec2Kind {
  return Object.hasOwn(NAMING, name);
}
