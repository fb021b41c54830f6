/** What a state holds, in Terraform's manner. */

import type { FoundSlot } from '../rollout/state/find-slots.ts';
import type { LockInfo } from '../rollout/state/lock-info.ts';
import type { InstanceState } from '../rollout/state/state.ts';

/** `# fleet.web[0]:` and what it is made of. User-data may be secret, and is told by its length only. */
export function slotText({ fleet, slot, state: { current, deposed, volumes } }: FoundSlot): string {
  const address = `fleet.${fleet}[${slot}]`;
  const own = current ? instanceText(current) : ['    # nothing'];
  const kept = Object.keys(volumes).length === 0 ? [] : attribute('volume_ids', volumes, '    ');
  const text = [`# ${address}:`, '{', ...own, ...kept, '}'];
  const earlier = deposed.toReversed().flatMap((one) => {
    return [`# ${address}: (deposed ${one.id ?? 'nothing known'})`, '{', ...instanceText(one), '}'];
  });
  return `${[...text, ...earlier].join('\n')}\n`;
}

function instanceText({ id, inService, token, settings }: InstanceState): readonly string[] {
  const { userData, tags, volumes, ...rest } = settings;
  const all = {
    id: id ?? null,
    in_service: inService,
    ...(token !== '' && { token }),
    image_id: rest.imageId,
    image_name: rest.imageName,
    instance_type: rest.instanceType,
    subnet_id: rest.subnetId,
    security_groups: rest.securityGroupIds,
    key: rest.keyName,
    iam_profile: rest.iamProfile,
    public_address: rest.publicAddress,
    target_groups: rest.targetGroupArns,
    user_data: userData === undefined ? undefined : `(${userData.length} characters)`,
    tags,
    volumes,
  };
  const known = Object.entries(all).filter(([, value]) => value !== undefined && !isEmpty(value));
  const width = Math.max(...known.map(([name]) => name.length));
  return known.flatMap(([name, value]) => attribute(name.padEnd(width), value, '    '));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function attribute(name: string, value: unknown, indent: string): readonly string[] {
  const [first = '', ...more] = JSON.stringify(value, null, 4).split('\n');
  return [`${indent}${name} = ${first}`, ...more.map((line) => `${indent}${line}`)];
}

/** The warning of one who took the lock of a dead process over. */
export function takenOverText({ Operation, Who, Created, Info }: LockInfo): string {
  return `the lock of ${Who} (${Operation}, ${Info}, since ${Created}) was taken over: that process has died`;
}
