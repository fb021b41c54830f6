/** Watches those that serve: an instance of the new release that stops being healthy is a verdict on it. */

import { isPassing } from '../../cloud/cloud-error.ts';
import { living } from './await.ts';
import type { Performing } from './performing.ts';
import { targetTrouble } from './target-trouble.ts';
import { unhealthy } from './verdict.ts';

/**
 * One look at all. Gives what troubles an instance; throws the verdict when that was so as many times in a row as
 * `health.unhealthy` says.
 */
export function watcherOf({ ledger, sightings, checks, signal }: Performing): () => Promise<string | undefined> {
  const rows = new Map<string, number>();
  const { plan } = ledger.rollout;
  const troubleOf = async (id: string, arns: readonly string[]): Promise<string | undefined> => {
    const instance = await living(id, { sightings });
    if (arns.length > 0) return targetTrouble(id, arns, { plan, sightings });
    return instance ? checks.ask(instance, signal) : undefined;
  };
  return async () => {
    const serving = Object.values(ledger.fleet.slots).flatMap(({ current }) =>
      current?.inService && current.settings.imageId === plan.to?.id ? [current] : [],
    );
    const troubles = await Promise.all(
      serving.map(async ({ id = '', settings }) => {
        try {
          const trouble = await troubleOf(id, settings.targetGroupArns);
          const row = trouble === undefined ? 0 : (rows.get(id) ?? 0) + 1;
          rows.set(id, row);
          if (trouble !== undefined && row >= plan.fleet.health.unhealthy && !signal.aborted) {
            throw unhealthy(`${id} does not stay healthy: ${trouble}`);
          }
          return trouble && `${id}: ${trouble}`;
        } catch (error) {
          if (isPassing(error)) return undefined;
          throw error;
        }
      }),
    );
    return troubles.find((trouble) => trouble !== undefined);
  };
}
