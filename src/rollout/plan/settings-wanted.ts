import type { FleetConfig } from '../../config/fleet.ts';
import type { FleetSeen } from '../look/seen.ts';
import type { Settings } from '../settings.ts';

/** Where an instance is launched is decided slot for slot. */
export type Base = Omit<Settings, 'subnetId'>;

/** What the configuration makes every instance of a fleet of. Undefined where its image is not known. */
export function settingsWanted(fleet: FleetConfig, seen: FleetSeen): Base | undefined {
  const { image } = seen;
  if (image === undefined) return undefined;
  const { key, iamProfile, userData, publicAddress, tags, volumes } = fleet;
  return {
    imageId: image.id,
    imageName: image.name,
    instanceType: fleet.instanceType ?? (image.architecture === 'arm64' ? 't4g.small' : 't3.small'),
    securityGroupIds: seen.securityGroupIds,
    ...(key !== undefined && { keyName: key }),
    ...(iamProfile !== undefined && { iamProfile }),
    ...(userData !== undefined && { userData }),
    ...(publicAddress !== undefined && { publicAddress }),
    tags,
    volumes,
    targetGroupArns: seen.targetGroupArns,
  };
}
