/** In what two settings differ, in the words of playbake.yml. */

import { createHash } from 'node:crypto';
import type { VolumeConfig } from '../../config/fleet.ts';
import type { Settings } from '../settings.ts';
import type { Fit } from './model/slot.ts';
import type { AttributeChange } from './plan.ts';
import { sameMembers } from './settings-seen.ts';
import type { Base } from './settings-wanted.ts';

export interface Compared {
  readonly before: Settings;
  readonly after: Base;
  /** In which subnets an instance may be; the first is where it would be launched. */
  readonly subnets: readonly string[];
  /** Names of target groups, by ARN. */
  readonly names: ReadonlyMap<string, string>;
}

/** Tags, security groups and target groups change in place. */
export function differences({ before, after, subnets, names }: Compared): readonly AttributeChange[] {
  const changes: AttributeChange[] = [];
  const change = (name: string, one: unknown, other: unknown, forcesReplacement: boolean) =>
    changes.push({ name, before: one ?? null, after: other ?? null, forcesReplacement });
  const replaces = (name: string, one: string | boolean | undefined, other: string | boolean | undefined) => {
    if (one !== other) change(name, one, other, true);
  };
  replaces('image', before.imageId, after.imageId);
  replaces('instance_type', before.instanceType, after.instanceType);
  if (subnets.length > 0 && !subnets.includes(before.subnetId)) change('subnet', before.subnetId, subnets[0], true);
  replaces('key', before.keyName, after.keyName);
  replaces('iam_profile', profileName(before.iamProfile), profileName(after.iamProfile));
  if (before.userData !== after.userData) change('user_data', digest(before.userData), digest(after.userData), true);
  replaces('public_address', before.publicAddress, after.publicAddress);
  const [had, has] = [devices(before.volumes), devices(after.volumes)];
  if (!sameMembers(had, has)) change('volumes', had, has, true);
  if (!sameMembers(before.securityGroupIds, after.securityGroupIds)) {
    change('security_groups', before.securityGroupIds, after.securityGroupIds, false);
  }
  if (!sameTags(before.tags, after.tags)) change('tags', before.tags, after.tags, false);
  const called = (arns: readonly string[]) => arns.map((arn) => names.get(arn) ?? arn);
  if (!sameMembers(before.targetGroupArns, after.targetGroupArns)) {
    change('target_groups', called(before.targetGroupArns), called(after.targetGroupArns), false);
  }
  return changes;
}

/** All attributes of one that is made, or that is taken away. */
export function attributesOf(settings: Settings, names: ReadonlyMap<string, string>) {
  const { tags, targetGroupArns, volumes } = settings;
  const all: readonly (readonly [name: string, value: unknown])[] = [
    ['image', settings.imageId],
    ['instance_type', settings.instanceType],
    ['subnet', settings.subnetId],
    ['security_groups', settings.securityGroupIds],
    ['key', settings.keyName],
    ['iam_profile', settings.iamProfile],
    ['user_data', digest(settings.userData)],
    ['public_address', settings.publicAddress],
    ['volumes', volumes.length > 0 ? devices(volumes) : undefined],
    ['tags', Object.keys(tags).length > 0 ? tags : undefined],
    ['target_groups', targetGroupArns.length > 0 ? targetGroupArns.map((arn) => names.get(arn) ?? arn) : undefined],
  ];
  return all.filter(([, value]) => value !== undefined);
}

export function fitOf(changes: readonly AttributeChange[]): Fit {
  if (changes.length === 0) return 'fits';
  return changes.some(({ forcesReplacement }) => forcesReplacement) ? 'other' : 'update';
}

/** Texts that may be secret are compared, and not shown. */
function digest(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** A profile may be written as its name or as its ARN. */
function profileName(profile: string | undefined): string | undefined {
  return profile?.replace(/^.*\//, '');
}

/** Of what a volume is made does not matter once it is there: it moves, and is never made anew. */
function devices(volumes: readonly VolumeConfig[]): readonly string[] {
  return volumes.map(({ device }) => device).sort();
}

function sameTags(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
