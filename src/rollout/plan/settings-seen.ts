import type { FleetSeen, SeenInstance } from '../look/seen.ts';
import type { Settings } from '../settings.ts';
import type { InstanceState } from '../state/state.ts';

/** Tags that are not the user's to plan: ours, AWS's, and the name that instances are given where none is wanted. */
export function ownTags(tags: Readonly<Record<string, string>>, like: Readonly<Record<string, string>>) {
  const mine = ([key]: readonly [string, string]) =>
    !key.startsWith('playbake:') && !key.startsWith('aws:') && (key !== 'Name' || 'Name' in like);
  return Object.fromEntries(Object.entries(tags).filter(mine));
}

/** What the state remembers of an instance, with what can be seen of it in its place. */
export function settingsSeen({ settings, inService }: InstanceState, one: SeenInstance, seen: FleetSeen): Settings {
  return {
    ...settings,
    ...(one.imageId !== settings.imageId && { imageId: one.imageId, imageName: one.imageId }),
    instanceType: one.instanceType,
    subnetId: one.subnetId,
    securityGroupIds: sameMembers(one.securityGroupIds, settings.securityGroupIds)
      ? settings.securityGroupIds
      : one.securityGroupIds,
    tags: ownTags(one.tags, settings.tags),
    // One that is not in service yet, or was told to leave, is not expected to be there.
    targetGroupArns: inService
      ? [...seen.health].filter(([, targets]) => isRegistered(targets.get(one.id)?.state)).map(([arn]) => arn)
      : settings.targetGroupArns,
  };
}

function isRegistered(state: string | undefined): boolean {
  return state !== undefined && state !== 'draining';
}

export function sameMembers(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each));
}
