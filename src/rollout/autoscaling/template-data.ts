/** What an instance is made of, as a launch template says it; and back. */

import { createHash } from 'node:crypto';
import type { RequestLaunchTemplateData, ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import { tagged } from '../../cloud/tags.ts';
import { FLEET_TAG, ROLLOUT_TAG } from '../apply/tags.ts';
import { ownTags } from '../plan/settings-seen.ts';
import type { Settings } from '../settings.ts';

/** Where instances are, and whose targets they are, is for the group to say. */
export type TemplateSettings = Omit<Settings, 'subnetId' | 'targetGroupArns' | 'volumes'>;

export function templateData(
  settings: TemplateSettings,
  { fleet, rollout }: { readonly fleet: string; readonly rollout: string },
): RequestLaunchTemplateData {
  const { keyName, iamProfile, userData } = settings;
  const tags = { Name: fleet, ...settings.tags, [FLEET_TAG]: fleet, [ROLLOUT_TAG]: rollout };
  return {
    ImageId: settings.imageId,
    InstanceType: typeOf(settings),
    TagSpecifications: tagged(['instance', 'volume'], tags),
    ...network(settings),
    ...(keyName !== undefined && { KeyName: keyName }),
    ...(iamProfile !== undefined && { IamInstanceProfile: profileOf(iamProfile) }),
    ...(userData !== undefined && { UserData: Buffer.from(userData).toString('base64') }),
  };
}

/** The SDK lists the types that it knew when it was made; EC2 has more. */
function typeOf({ instanceType }: TemplateSettings): NonNullable<RequestLaunchTemplateData['InstanceType']> {
  return instanceType as NonNullable<RequestLaunchTemplateData['InstanceType']>;
}

/** A public address must be asked for together with all else about the network. */
function network({ securityGroupIds, publicAddress }: TemplateSettings): Partial<RequestLaunchTemplateData> {
  const groups = [...securityGroupIds];
  if (publicAddress === undefined) return { SecurityGroupIds: groups };
  return { NetworkInterfaces: [{ DeviceIndex: 0, Groups: groups, AssociatePublicIpAddress: publicAddress }] };
}

function profileOf(name: string): { Arn: string } | { Name: string } {
  return name.startsWith('arn:') ? { Arn: name } : { Name: name };
}

/** @param imageName where it is known */
export function settingsOf(data: ResponseLaunchTemplateData, imageName: string | undefined): TemplateSettings {
  const [primary] = data.NetworkInterfaces ?? [];
  const publicAddress = primary?.AssociatePublicIpAddress;
  const profile = data.IamInstanceProfile?.Arn ?? data.IamInstanceProfile?.Name;
  const tags = data.TagSpecifications?.find(({ ResourceType }) => ResourceType === 'instance')?.Tags ?? [];
  const imageId = data.ImageId ?? '';
  return {
    imageId,
    imageName: imageName ?? imageId,
    instanceType: data.InstanceType ?? '',
    securityGroupIds: primary?.Groups ?? data.SecurityGroupIds ?? [],
    tags: ownTags(Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])), {}),
    ...(data.KeyName !== undefined && { keyName: data.KeyName }),
    ...(profile !== undefined && { iamProfile: profile }),
    ...(data.UserData !== undefined && { userData: Buffer.from(data.UserData, 'base64').toString() }),
    ...(publicAddress !== undefined && { publicAddress }),
  };
}

/** Versions with the same description are of the same settings: a rollout that comes back finds the one that is there. */
export function descriptionOf(settings: TemplateSettings): string {
  const { imageId, instanceType, securityGroupIds, keyName, iamProfile, userData, publicAddress, tags } = settings;
  const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = [imageId, instanceType, [...securityGroupIds].sort(), keyName, iamProfile, userData, publicAddress];
  const digest = createHash('sha256').update(JSON.stringify([...parts.map((part) => part ?? null), sorted]));
  return `playbake ${digest.digest('hex').slice(0, 32)}`;
}
