import type { Amount, StrategyConfig } from './fleet.ts';

/** `count` and the amounts of a strategy as numbers of instances. */
export interface Amounts {
  readonly count: number;
  readonly surge: number;
  readonly unavailable: number;
  readonly canary: number;
}

/**
 * Shares as Kubernetes rounds them: the surge up, what may be unavailable down. A canary is at least one instance.
 * By blue_green all new ones are there beside all old ones, and none is missed.
 */
export function amountsOf(count: number, strategy: StrategyConfig): Amounts {
  const { type, maxSurge, maxUnavailable, canary } = strategy;
  if (type === 'blue_green') return { count, surge: count, unavailable: 0, canary: 0 };
  return {
    count,
    surge: inAll(maxSurge, count, Math.ceil),
    unavailable: Math.min(count, inAll(maxUnavailable, count, Math.floor)),
    canary: type === 'canary' ? Math.max(1, inAll(canary, count, Math.ceil)) : 0,
  };
}

function inAll(amount: Amount, count: number, round: (share: number) => number): number {
  return typeof amount === 'number' ? amount : round((Number.parseInt(amount, 10) * count) / 100);
}
