/** Instances in and out of a target group, by the group's own port: what Auto Scaling asks for. */

import type { Cloud } from '../cloud.ts';
import type { Region } from '../region.ts';
import { deregisterTargets, registerTargets } from './registration.ts';

/** They must run. Throws the ApiErrors `TargetGroupNotFound` and `InvalidTarget`. */
export function registerInstances(cloud: Cloud, region: Region, targetGroup: string, ids: readonly string[]): void {
  registerTargets(cloud, region, targetGroup, targetsOf(ids));
}

/** They drain; `targetStates` says when that is over. Throws the ApiError `TargetGroupNotFound`. */
export function deregisterInstances(cloud: Cloud, region: Region, targetGroup: string, ids: readonly string[]): void {
  deregisterTargets(cloud, region, targetGroup, targetsOf(ids));
}

function targetsOf(ids: readonly string[]): readonly { readonly id: string }[] {
  return ids.map((id) => ({ id }));
}
