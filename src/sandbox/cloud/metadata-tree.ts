/** What http://169.254.169.254 tells an instance of itself. Source: EC2's "Instance metadata categories". */

import { hardwareAddressOf, type Subnet } from '../subnet.ts';
import { privateNameOf, publicAddressOf } from './instance-addresses.ts';
import type { InstanceRecord } from './instance-record.ts';
import { zoneIdOf } from './regions.ts';
import { ACCOUNT, type CloudState, type RegionState } from './state.ts';

/** A folder of names, or what a name says. */
export type Tree = string | Buffer | ReadonlyMap<string, Tree>;

export interface Told {
  readonly instance: InstanceRecord;
  /** The name of the region. */
  readonly region: string;
  readonly state: CloudState;
  readonly subnet: Subnet;
}

/** The whole tree, below `/latest/`. */
export function metadataTree(told: Told): Tree {
  const { userData } = told.instance;
  return folder({
    dynamic: folder({ 'instance-identity': folder({ document: identity(told) }) }),
    'meta-data': categories(told),
    'user-data': userData ? Buffer.from(userData, 'base64') : undefined,
  });
}

/**
 * What stands at a path: the text of a name, or the list of a folder, in which folders end with a slash. Undefined where
 * there is nothing.
 */
export function tellAt(tree: Tree, path: string): string | Buffer | undefined {
  let at: Tree | undefined = tree;
  for (const name of path.split('/').filter(Boolean)) {
    at = at instanceof Map ? at.get(name) : undefined;
    if (at === undefined) return undefined;
  }
  if (!(at instanceof Map)) return typeof at === 'string' || Buffer.isBuffer(at) ? at : undefined;
  const names = [...at].filter(([name]) => name !== KEY_NAME);
  return names.map(([name, inner]) => listedName(name, inner)).join('\n');
}

/** Keys are listed with their names. */
function listedName(name: string, inner: Tree): string {
  if (!(inner instanceof Map)) return name;
  const key = inner.get(KEY_NAME);
  return typeof key === 'string' ? `${name}=${key}` : `${name}/`;
}

const KEY_NAME = '=';

function folder(entries: Readonly<Record<string, Tree | undefined>>): Tree {
  const there = Object.entries(entries).flatMap(([name, inner]): [string, Tree][] =>
    inner === undefined ? [] : [[name, inner]],
  );
  return new Map(there);
}

function categories(told: Told): Tree {
  const { instance, region, subnet } = told;
  const here = told.state.regions[region];
  const name = privateNameOf(instance.address, region);
  const mac = hardwareAddressOf(subnet, instance.number);
  const publicAddress = publicAddressOf(instance);
  return folder({
    'ami-id': instance.imageId,
    'ami-launch-index': String(instance.launchIndex),
    'ami-manifest-path': '(unknown)',
    'block-device-mapping': folder({ ami: instance.rootDevice.replace('/dev/', ''), root: instance.rootDevice }),
    hostname: name,
    iam: instance.profile === undefined ? undefined : iam(told),
    'instance-action': 'none',
    'instance-id': instance.id,
    'instance-life-cycle': 'on-demand',
    'instance-type': instance.type,
    'local-hostname': name,
    'local-ipv4': instance.address,
    mac,
    network: folder({ interfaces: folder({ macs: folder({ [mac]: networkCard(told, here) }) }) }),
    placement: folder({
      'availability-zone': instance.zone,
      'availability-zone-id': zoneIdOf(region, instance.zone),
      region,
    }),
    profile: 'default-hvm',
    'public-ipv4': publicAddress,
    'public-keys':
      instance.publicKey === undefined ? undefined : publicKeys(instance.keyName ?? '', instance.publicKey),
    'reservation-id': instance.reservationId,
    'security-groups': groupNames(instance, here),
    services: folder({ domain: 'amazonaws.com', partition: 'aws' }),
    tags: instance.metadata.tags === 'enabled' ? folder({ instance: folder(instance.tags) }) : undefined,
  });
}

function publicKeys(name: string, key: string): Tree {
  return new Map([
    [
      '0',
      new Map([
        [KEY_NAME, name],
        ['openssh-key', `${key}\n`],
      ]),
    ],
  ]);
}

function groupNames({ groupIds }: InstanceRecord, here: RegionState | undefined): string {
  return groupIds.map((id) => here?.securityGroups[id]?.name ?? id).join('\n');
}

function networkCard({ instance, region, subnet }: Told, here: RegionState | undefined): Tree {
  const publicAddress = publicAddressOf(instance);
  return folder({
    'device-number': '0',
    'interface-id': instance.interfaceId,
    'local-hostname': privateNameOf(instance.address, region),
    'local-ipv4s': instance.address,
    mac: hardwareAddressOf(subnet, instance.number),
    'owner-id': ACCOUNT,
    'public-ipv4s': publicAddress,
    'security-group-ids': instance.groupIds.join('\n'),
    'security-groups': groupNames(instance, here),
    'subnet-id': instance.subnetId,
    'subnet-ipv4-cidr-block': here?.subnets[instance.subnetId]?.cidr,
    'vpc-id': instance.vpcId,
    'vpc-ipv4-cidr-block': here?.vpcs[instance.vpcId]?.cidr,
    'vpc-ipv4-cidr-blocks': here?.vpcs[instance.vpcId]?.cidr,
  });
}

/** Credentials of the profile's role: whatever they are, the sandbox takes them. */
function iam({ instance, state }: Told): Tree {
  const { arn = '', id = '' } = instance.profile ?? {};
  const profile = Object.values(state.iam.profiles).find((one) => one.id === id);
  const updated = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
  const LastUpdated = seconds(updated);
  const credentials = {
    Code: 'Success',
    LastUpdated,
    Type: 'AWS-HMAC',
    AccessKeyId: 'ASIASANDBOX000000000',
    SecretAccessKey: 'sandbox',
    Token: 'sandbox',
    Expiration: seconds(new Date(updated.getTime() + 6 * 3_600_000)),
  };
  const info = { Code: 'Success', LastUpdated, InstanceProfileArn: arn, InstanceProfileId: id };
  return folder({
    info: json(info),
    'security-credentials': profile?.role === undefined ? undefined : folder({ [profile.role]: json(credentials) }),
  });
}

function identity({ instance, region, state }: Told): string {
  return json({
    accountId: ACCOUNT,
    architecture: state.regions[region]?.images[instance.imageId]?.architecture ?? 'x86_64',
    availabilityZone: instance.zone,
    billingProducts: null,
    devpayProductCodes: null,
    marketplaceProductCodes: null,
    imageId: instance.imageId,
    instanceId: instance.id,
    instanceType: instance.type,
    kernelId: null,
    pendingTime: seconds(new Date(instance.launchedAt)),
    privateIp: instance.address,
    ramdiskId: null,
    region,
    version: '2017-09-30',
  });
}

function json(value: object): string {
  return JSON.stringify(value, null, 2);
}

function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
