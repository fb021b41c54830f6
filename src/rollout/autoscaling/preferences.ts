/** A fleet's strategy, as an instance refresh takes it; and what it cannot take. */

import type { RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import type { Amounts } from '../../config/amounts.ts';
import type { FleetConfig } from '../../config/fleet.ts';

/** Seconds that Auto Scaling waits at checkpoints where nothing else is said. */
const CHECKPOINT_DELAY = 3600;

export interface Way {
  /** Back to a release that was good: nothing waits, and there is no way further back. */
  readonly isBack: boolean;
  /** Whether there is a release that was good. */
  readonly hasHome: boolean;
}

export function preferencesOf(fleet: FleetConfig, amounts: Amounts, { isBack, hasHome }: Way): RefreshPreferences {
  const { strategy } = fleet;
  const checkpoints = isBack ? [] : checkpointsOf(fleet, amounts);
  return {
    ...boundsOf(amounts),
    InstanceWarmup: warmupOf(fleet),
    SkipMatching: true,
    AutoRollback: strategy.autoRollback && hasHome && !isBack,
    ScaleInProtectedInstances: 'Refresh',
    StandbyInstances: 'Terminate',
    ...(checkpoints.length > 0 && {
      CheckpointPercentages: [...checkpoints],
      CheckpointDelay: seconds(strategy.checkpointDelay) ?? CHECKPOINT_DELAY,
    }),
    ...(strategy.bakeTime > 0 && !isBack && { BakeTime: seconds(strategy.bakeTime) }),
  };
}

/**
 * In percent of the count: rounded so that the promise holds whichever way Auto Scaling rounds them back. Both may lie
 * 100 apart at the most.
 */
export function boundsOf({ count, surge, unavailable }: Amounts): {
  readonly MinHealthyPercentage: number;
  readonly MaxHealthyPercentage: number;
} {
  const max = Math.min(200, Math.max(100, Math.floor((100 * (count + surge)) / count)));
  const min = Math.max(max - 100, Math.ceil((100 * (count - unavailable)) / count));
  return { MinHealthyPercentage: min, MaxHealthyPercentage: max };
}

/** The canary is the first checkpoint; the last is everything. */
function checkpointsOf({ strategy }: FleetConfig, { count, canary }: Amounts): readonly number[] {
  if (strategy.type === 'blue_green') return [];
  const first = canary > 0 ? [Math.min(100, Math.floor((100 * canary) / count) || 1)] : [];
  const all = [...new Set([...first, ...strategy.checkpoints])].sort((a, b) => a - b);
  return all.some((percent) => percent < 100) ? [...all.filter((percent) => percent < 100), 100] : [];
}

/** How long a new one must be healthy, in seconds. */
function warmupOf({ health: { interval, healthy } }: FleetConfig): number {
  return Math.ceil((interval * healthy) / 1000);
}

/** How long a new one may take before its target groups judge it, in seconds. */
export function graceOf({ health }: FleetConfig): number {
  return Math.ceil(health.grace / 1000);
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.ceil(milliseconds / 1000);
}

/** In which ways it will not be as the fleet says. */
export function unmapped({ strategy, health, targetGroups }: FleetConfig, { canary }: Amounts): readonly string[] {
  const { type, pause, checkpoints, checkpointDelay } = strategy;
  const warnings: string[] = [];
  if (type === 'blue_green') {
    warnings.push(
      'Auto Scaling launches all new instances beside the old ones (blue_green), and ends an old one as soon as a new one is ready: none is kept for the bake time',
    );
  }
  if (pause > 0)
    warnings.push('strategy.pause has no counterpart in Auto Scaling; checkpoints with checkpoint_delay do');
  if ((checkpoints.length > 0 || canary > 0) && checkpointDelay === undefined) {
    warnings.push('Auto Scaling goes on from a checkpoint by itself: after an hour, for there is no checkpoint_delay');
  }
  const own = [
    ...(health.http ? ['health.http'] : []),
    ...(health.tcp ? ['health.tcp'] : []),
    ...(health.command === undefined ? [] : ['health.command']),
    ...(health.verify === undefined ? [] : ['verify tasks']),
  ];
  if (own.length > 0) {
    const who = targetGroups.length > 0 ? 'its target groups say which instance is healthy' : 'EC2 says which runs';
    warnings.push(`Auto Scaling does not ask ${own.join(', ')}: ${who}`);
  }
  return warnings;
}
