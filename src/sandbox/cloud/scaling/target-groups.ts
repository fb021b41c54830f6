/** The target groups of an Auto Scaling group: its instances are their targets while they are in service. */

import { deregisterInstances, registerInstances } from '../balancing/register-instances.ts';
import { targetStates } from '../balancing/target-health.ts';
import type { Cloud } from '../cloud.ts';
import { ApiError } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import { invalid } from './invalid.ts';

/** Throws the ApiError `ValidationError` for one that is not there, or whose targets are addresses. */
export function mustBeTargetGroups({ seen }: Region, arns: readonly string[]): void {
  for (const arn of arns) {
    const targetType = seen.targetGroups[arn]?.targetType;
    if (targetType === undefined) {
      throw invalid(`Provided Target Groups may not be valid. Please ensure they exist and try again: ${arn}`);
    }
    if (targetType !== 'instance') throw invalid(`The target type of ${arn} is ${targetType}: it must be instance.`);
  }
}

/** Answers with why it could not be registered everywhere. One that was deleted meanwhile is passed over. */
export function enterTargetGroups(
  cloud: Cloud,
  region: Region,
  arns: readonly string[],
  id: string,
): readonly ApiError[] {
  const there = arns.filter((arn) => region.state.targetGroups[arn] !== undefined);
  return there.flatMap((arn) => {
    try {
      registerInstances(cloud, region, arn, [id]);
      return [];
    } catch (error) {
      if (error instanceof ApiError) return [error];
      throw error;
    }
  });
}

export function leaveTargetGroups(cloud: Cloud, region: Region, arns: readonly string[], id: string): void {
  const there = arns.filter((arn) => region.state.targetGroups[arn] !== undefined);
  for (const arn of there) deregisterInstances(cloud, region, arn, [id]);
}

/** What the target groups say of an instance, each in which it is. */
export function targetHealth(region: Region, arns: readonly string[], id: string): readonly string[] {
  return arns.flatMap((arn) => {
    return targetStates(region, arn)
      .filter((target) => target.id === id)
      .map(({ state }) => state);
  });
}
