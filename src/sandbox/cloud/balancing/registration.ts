/** Who is in a target group: what RegisterTargets and DeregisterTargets do, for other parts of the cloud too. */

import { parseAddress } from '../cidr.ts';
import type { Cloud } from '../cloud.ts';
import { ApiError } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import { attributeOf } from './attribute-table.ts';
import { type TargetGroupRecord, type TargetRecord, targetKey } from './balancing-records.ts';
import { findTargetGroup } from './find-balancing.ts';
import { GROUP_ATTRIBUTES } from './group-attributes.ts';
import { balancersOf } from './group-users.ts';
import { between, validationError } from './validation-error.ts';

export interface TargetWish {
  readonly id: string;
  /** By default the group's. */
  readonly port?: number | undefined;
  /** Of an address. */
  readonly zone?: string | undefined;
}

/**
 * A target that is there already stays as it is; one that drains comes back as a new one. Throws the ApiErrors
 * `TargetGroupNotFound` and `InvalidTarget`.
 */
export function registerTargets(
  cloud: Cloud,
  region: Region,
  targetGroup: string,
  wishes: readonly TargetWish[],
): void {
  const now = Date.now();
  const group = findTargetGroup(region, targetGroup);
  for (const wish of wishes) checkTarget(region, group, wish);
  region.change('targetGroups', group.id, (record) => {
    const added = wishes.map((wish) => newTarget(record, wish, now));
    const targets = new Map(record.targets.map((target) => [targetKey(target), target]));
    for (const target of added) {
      const before = targets.get(targetKey(target));
      if (before === undefined || before.drainsUntil !== undefined) targets.set(targetKey(target), target);
    }
    return { ...record, targets: [...targets.values()] };
  });
  cloud.balancing.lookSoon();
}

/**
 * Without a port all targets of that id. New requests go elsewhere at once; the targets drain for the group's
 * deregistration delay. Who is not registered is passed over, as AWS does. Throws the ApiError `TargetGroupNotFound`.
 */
export function deregisterTargets(
  cloud: Cloud,
  region: Region,
  targetGroup: string,
  wishes: readonly TargetWish[],
): void {
  const now = Date.now();
  const { id } = findTargetGroup(region, targetGroup);
  const isMeant = (target: TargetRecord) =>
    wishes.some((wish) => wish.id === target.id && (wish.port === undefined || wish.port === target.port));
  region.change('targetGroups', id, (record) => {
    const delay = Number(attributeOf(record.attributes, GROUP_ATTRIBUTES[record.protocol], DELAY)) * 1000;
    // Nothing comes through a group that no load balancer uses, so there is nothing to wait for.
    const drains = delay > 0 && balancersOf(region.state, id).length > 0;
    const targets = record.targets.flatMap((target): readonly TargetRecord[] => {
      if (!isMeant(target)) return [target];
      return drains ? [{ ...target, drainsUntil: target.drainsUntil ?? now + delay }] : [];
    });
    return { ...record, targets };
  });
  cloud.balancing.lookSoon();
}

const DELAY = 'deregistration_delay.timeout_seconds';

function newTarget({ port }: TargetGroupRecord, wish: TargetWish, now: number): TargetRecord {
  const zone = wish.zone === undefined ? {} : { zone: wish.zone };
  return { id: wish.id, port: wish.port ?? port, ...zone, registeredAt: now, health: 'initial' };
}

function checkTarget(region: Region, { targetType, vpcId }: TargetGroupRecord, { id, port, zone }: TargetWish): void {
  if (port !== undefined) between(port, 'Port', [1, 65_535]);
  if (targetType === 'ip') {
    if (parseAddress(id) !== undefined) return;
    throw validationError(`The IP address '${id}' is not a valid IPv4 address`);
  }
  if (zone !== undefined) {
    throw validationError(`You cannot specify an Availability Zone for a target of the type 'instance'`);
  }
  const instance = region.state.instances[id];
  if (instance === undefined || region.seen.instances[id] === undefined) {
    throw new ApiError('InvalidTarget', `The following targets are not valid instances: '${id}'`);
  }
  if (instance.vpcId !== vpcId) {
    throw new ApiError('InvalidTarget', `The following targets are not in the target group VPC '${vpcId}': '${id}'`);
  }
  if (instance.state === 'running') return;
  throw new ApiError(
    'InvalidTarget',
    `The following targets are not in a running state and cannot be registered: '${id}'`,
  );
}
