/** How many instances may be on their way at once when some are replaced. */

import type { HealthyRange, MemberRecord, ScalingGroupRecord } from './group-record.ts';

export interface Bounds {
  /** So many stay ready. */
  readonly least: number;
  /** So many may there be, ready or becoming so. */
  readonly most: number;
}

/**
 * A share that is no whole number is rounded towards safety. Where nothing may be launched in advance and everything is
 * to stay ready, one at a time is ended first: else nothing could ever be replaced.
 */
export function boundsOf({ desired }: Pick<ScalingGroupRecord, 'desired'>, { min, max }: HealthyRange): Bounds {
  const most = max > 100 ? Math.max(desired + 1, Math.floor((desired * max) / 100)) : desired;
  const least = Math.ceil((desired * min) / 100);
  return { least: most === desired ? Math.min(least, Math.max(0, desired - 1)) : least, most };
}

/** Those that may be ended now of `old`, worst first, so that `least` stay ready. */
export function mayEnd(
  old: readonly MemberRecord[],
  {
    ready,
    least,
    isReady,
  }: { readonly ready: number; readonly least: number; readonly isReady: (member: MemberRecord) => boolean },
): readonly MemberRecord[] {
  const worse = old.filter((member) => !isReady(member));
  const better = old.filter((member) => isReady(member));
  return [...worse, ...better.slice(0, Math.max(0, ready - least))];
}
