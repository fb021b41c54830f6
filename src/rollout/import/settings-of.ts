/** What an instance is made of, in the words of its fleet: where those leave something open, its own is none of the fleet's business. */

import type { Volume } from '@aws-sdk/client-ec2';
import type { FleetConfig, VolumeConfig } from '../../config/fleet.ts';
import type { Settings } from '../settings.ts';
import type { Seen } from './look-at.ts';

export function settingsOf({ instance, imageName, userData, targets, volumes }: Seen, fleet: FleetConfig): Settings {
  const { ImageId = '', IamInstanceProfile, PublicIpAddress, KeyName } = instance;
  const profile = IamInstanceProfile?.Arn;
  return {
    imageId: ImageId,
    imageName: imageName ?? ImageId,
    instanceType: instance.InstanceType ?? '',
    subnetId: instance.SubnetId ?? '',
    securityGroupIds: (instance.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []).sort(),
    ...(KeyName !== undefined && KeyName !== '' && { keyName: KeyName }),
    ...(profile !== undefined && { iamProfile: isNamed(profile, fleet.iamProfile) ? fleet.iamProfile : profile }),
    ...(userData !== undefined && { userData: userData.toString('utf8') }),
    ...(fleet.publicAddress !== undefined && {
      publicAddress: PublicIpAddress !== undefined && PublicIpAddress !== '',
    }),
    tags: ownTags(instance.Tags ?? [], fleet),
    volumes: dataVolumes({ instance, volumes }, fleet).map(({ device, volume }) => {
      return volumeConfig(
        device,
        volume,
        fleet.volumes.find((one) => one.device === device),
      );
    }),
    targetGroupArns: targets.map(({ groupArn }) => groupArn),
  };
}

export interface DataVolume {
  readonly device: string;
  readonly volume: Volume;
}

/** Those that outlive the instance, or that the fleet has; the root disk and what else the image brings are none. */
export function dataVolumes(
  { instance, volumes }: Pick<Seen, 'instance' | 'volumes'>,
  fleet: FleetConfig,
): readonly DataVolume[] {
  return (instance.BlockDeviceMappings ?? []).flatMap(({ DeviceName: device = '', Ebs }) => {
    const volume = volumes.find(({ VolumeId }) => VolumeId === Ebs?.VolumeId);
    const isData = fleet.volumes.some((one) => one.device === device) || Ebs?.DeleteOnTermination === false;
    return volume && isData && device !== instance.RootDeviceName ? [{ device, volume }] : [];
  });
}

/** What the fleet's own configuration leaves open stays open. @param wanted undefined: the fleet has no such volume. */
function volumeConfig(device: string, volume: Volume, wanted: VolumeConfig | undefined): VolumeConfig {
  const told = <T>(key: keyof VolumeConfig, value: T | undefined): T | undefined => {
    return wanted && wanted[key] === undefined ? undefined : value;
  };
  return {
    device,
    size: volume.Size ?? 0,
    type: told('type', volume.VolumeType),
    iops: told('iops', volume.Iops),
    throughput: told('throughput', volume.Throughput),
    encrypted: told('encrypted', volume.Encrypted),
    // By any of its names: which key an alias means, only KMS tells.
    kmsKey: told('kmsKey', volume.KmsKeyId === undefined ? undefined : (wanted?.kmsKey ?? volume.KmsKeyId)),
    snapshot: told('snapshot', volume.SnapshotId || undefined),
  };
}

/** Without AWS's, ours, and a `Name` that the fleet does not give. */
function ownTags(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
  fleet: FleetConfig,
) {
  const own = tags.filter(
    ({ Key = '' }) => !/^(?:aws|playbake):/.test(Key) && (Key !== 'Name' || 'Name' in fleet.tags),
  );
  return Object.fromEntries(own.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Whether the configuration's name or ARN is that profile's. */
function isNamed(arn: string, wanted: string | undefined): wanted is string {
  return wanted !== undefined && (arn === wanted || arn.endsWith(`/${wanted}`));
}
