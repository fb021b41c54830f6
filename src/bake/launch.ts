/** Launches an instance of a run: the build machine, or the new image that is tested. */

import { createHash } from 'node:crypto';
import type { BlockDeviceMapping, RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { codeOf } from '../cloud/cloud-error.ts';
import { onceKnown } from '../cloud/once-known.ts';
import { tagged } from '../cloud/tags.ts';
import { Fault } from '../fault.ts';
import { make } from './make.ts';
import { keyFiles } from './ssh-files.ts';
import type { BaseImage } from './steps/base.ts';
import type { Group } from './steps/security-group.ts';
import { userData } from './user-data.ts';
import type { Work } from './work.ts';

export interface LaunchOptions {
  /** What it is for, in its name and its ClientToken. */
  readonly purpose: 'build' | 'test';
  readonly imageId: string;
  readonly base: BaseImage;
  readonly keyName: string;
  readonly group: Group;
}

/** Gives the instance's id. The ClientToken follows from the run: calling twice launches once. */
export async function launch(options: LaunchOptions, work: Work): Promise<string> {
  const { run, cloud, directory, tags, request } = work;
  const name = `playbake-${run}-${options.purpose}`;
  const token = clientToken(run, options.purpose);
  const resource = { kind: 'instance', region: cloud.region, name: token } as const;
  const known = work.things('instance').find((one) => one.name === token);
  if (known) return known.id;
  const host = keyFiles(directory, 'host');
  const input: RunInstancesCommandInput = {
    ImageId: options.imageId,
    MinCount: 1,
    MaxCount: 1,
    ClientToken: token,
    InstanceType: instanceType(work, options.base),
    KeyName: options.keyName,
    InstanceInitiatedShutdownBehavior: 'stop',
    MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' },
    UserData: Buffer.from(userData(host, options.purpose)).toString('base64'),
    BlockDeviceMappings: options.purpose === 'build' ? devices(work, options.base) : [],
    TagSpecifications: tagged(['instance', 'volume', 'network-interface'], { Name: name, ...tags }),
    ...network(work, options.group),
    ...(request.image.iamProfile !== undefined && { IamInstanceProfile: profile(request.image.iamProfile) }),
  };
  return make(resource, work, async () => {
    // What the user has named is there or is not; what this run has made is there, though not yet known everywhere.
    const ours = options.group.temporary ? /^Invalid(?:KeyPair|Group|AMIID)\./ : /^Invalid(?:KeyPair|AMIID)\./;
    const call = () => onceKnown(() => cloud.ec2().runInstances(input), { ...work, ours });
    const { Instances: [instance] = [] } = await call().catch(explain);
    return instance?.InstanceId ?? '';
  });
}

/** At most 64 characters. */
export function clientToken(run: string, purpose: string): string {
  const whole = `playbake-${run}-${purpose}`;
  return whole.length <= 64 ? whole : createHash('sha256').update(whole).digest('hex');
}

function instanceType(
  { request }: Work,
  { architecture }: BaseImage,
): NonNullable<RunInstancesCommandInput['InstanceType']> {
  const wanted = request.image.instanceType ?? (architecture === 'arm64' ? 't4g.small' : 't3.small');
  return wanted as NonNullable<RunInstancesCommandInput['InstanceType']>;
}

/** A public address must be asked for together with all else about the network. */
function network({ request: { image } }: Work, { groupId }: Group): Partial<RunInstancesCommandInput> {
  const { subnet, sshAddress } = image;
  if (sshAddress !== 'public')
    return { SecurityGroupIds: [groupId], ...(subnet !== undefined && { SubnetId: subnet }) };
  const way = { DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: [groupId] };
  return { NetworkInterfaces: [{ ...way, ...(subnet !== undefined && { SubnetId: subnet }) }] };
}

/** No disk outlives its instance, and each is encrypted where that is wanted. */
function devices({ request: { image } }: Work, base: BaseImage): BlockDeviceMapping[] {
  const { volumeSize, encrypted, kmsKey } = image;
  const isEncrypted = encrypted ?? (kmsKey !== undefined ? true : undefined);
  return base.disks.map(({ device, size }) => ({
    DeviceName: device,
    Ebs: {
      DeleteOnTermination: true,
      VolumeSize: device === base.rootDevice ? (volumeSize ?? size) : size,
      ...(isEncrypted !== undefined && { Encrypted: isEncrypted }),
      ...(kmsKey !== undefined && { KmsKeyId: kmsKey }),
    },
  }));
}

function profile(name: string): { Arn: string } | { Name: string } {
  return name.startsWith('arn:') ? { Arn: name } : { Name: name };
}

function explain(error: unknown): never {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const hints: Readonly<Record<string, string>> = {
    InsufficientInstanceCapacity: 'choose another instance_type or another subnet, or try later',
    InstanceLimitExceeded: 'end instances, or ask for a higher quota',
    VcpuLimitExceeded: 'end instances, or ask for a higher quota',
    Unsupported: 'choose an instance_type that this zone has, or another subnet',
    InvalidSubnetConflict: 'the security group and the subnet are of different VPCs',
  };
  const hint = hints[code];
  if (hint === undefined) throw error;
  throw new Fault('cloud-refused', `the instance cannot be launched: ${code}: ${message}`, { hint, cause: error });
}
