/** Health checks as they go on: each target is checked at once, and then again and again. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { HealthCheck, HealthReason, TargetRecord } from './balancing-records.ts';
import { type CheckPlace, checkTarget } from './check-target.ts';

export interface Checked {
  /** Tells it from others; another key begins anew. */
  readonly key: string;
  readonly check: HealthCheck;
  readonly place: CheckPlace;
  /** The target as it is now; undefined when it is gone. */
  readonly target: () => TargetRecord | undefined;
  /** Keeps what was found. */
  readonly record: (change: (target: TargetRecord) => TargetRecord) => void;
}

export class HealthChecks {
  readonly #running = new Map<string, AbortController>();

  /** Checks these, and no others any more. */
  follow(checked: readonly Checked[]): void {
    const wanted = new Set(checked.map(({ key }) => key));
    for (const [key, running] of this.#running) {
      if (wanted.has(key)) continue;
      running.abort();
      this.#running.delete(key);
    }
    for (const one of checked) {
      if (this.#running.has(one.key)) continue;
      const running = new AbortController();
      this.#running.set(one.key, running);
      void goOn(one, running.signal);
    }
  }
}

async function goOn({ check, place, target, record }: Checked, signal: AbortSignal): Promise<void> {
  let inRow = { well: true, count: 0 };
  while (!signal.aborted) {
    const started = Date.now();
    const reason = await checkTarget(check, place);
    const now = target();
    if (signal.aborted || now === undefined) return;
    const well = reason === undefined;
    inRow = { well, count: well === inRow.well ? inRow.count + 1 : 1 };
    const change = changeOf(now, check, { reason, count: inRow.count });
    if (change !== undefined) record(change);
    // The checks begin at even times, however long they take.
    const left = Math.max(0, check.interval * 1000 - (Date.now() - started));
    await sleep(left, undefined, { signal, ref: false }).catch(() => {});
  }
}

interface Finding {
  readonly reason: HealthReason | undefined;
  /** How many checks in a row have found that it is well, or that it is not. */
  readonly count: number;
}

/** A new target is healthy after one good check; what has been something else needs as many as the group says. */
export function changeOf(
  { health, reason: before }: TargetRecord,
  check: HealthCheck,
  { reason, count }: Finding,
): ((target: TargetRecord) => TargetRecord) | undefined {
  if (reason === undefined) {
    if (health === 'healthy' || (health === 'unhealthy' && count < check.healthy)) return undefined;
    return ({ reason: _, ...target }) => ({ ...target, health: 'healthy', healthySince: Date.now() });
  }
  if (health === 'unhealthy') {
    if (before?.message === reason.message) return undefined;
  } else if (count < check.unhealthy) return undefined;
  return ({ healthySince: _, ...target }) => ({ ...target, health: 'unhealthy', reason });
}
