/** Waiting for an instance: what takes too long, or ends meanwhile, is a verdict on its release. */

import type { Instance } from '@aws-sdk/client-ec2';
import { isEnding } from '../../cloud/instance-state.ts';
import { type Look, type WaitOptions, waitFor } from '../../cloud/wait-for.ts';
import { Fault } from '../../fault.ts';
import { unhealthy } from './verdict.ts';
import type { Work } from './work.ts';

/** Throws the verdict; refusals and the like as `waitFor` does. */
export async function awaitHealth<T>(look: () => Promise<Look<T>>, options: WaitOptions): Promise<T> {
  try {
    return await waitFor(look, options);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'cloud-timeout') throw error;
    throw unhealthy(error.message, { ...(error.hint !== undefined && { hint: error.hint }), cause: error });
  }
}

export interface InARow {
  readonly what: string;
  /** Why it is not healthy; undefined: it is. */
  readonly look: () => Promise<string | undefined>;
  readonly timeout: number;
}

/** Until looks have found it healthy as many times in a row as the fleet wants. */
export async function awaitInARow({ what, look, timeout }: InARow, { plan, signal, progress }: Work): Promise<void> {
  const { healthy, interval } = plan.fleet.health;
  let row = 0;
  await awaitHealth(
    async () => {
      const why = await look();
      row = why === undefined ? row + 1 : 0;
      if (row >= healthy) return { ready: true };
      return { pending: why ?? `healthy ${row} of ${healthy} times` };
    },
    {
      what,
      timeout,
      signal,
      progress,
      first: interval,
      most: interval,
      hint: 'health.grace says how long it may take',
    },
  );
}

/** The instance, which must not have ended; undefined while EC2 does not know it yet. */
export async function living(id: string, { sightings }: Pick<Work, 'sightings'>): Promise<Instance | undefined> {
  const found = await sightings.instance(id);
  if (found && isEnding(found)) {
    const reason = found.StateReason?.Message ?? found.StateTransitionReason ?? '';
    throw unhealthy(`the instance ${id} is ${found.State?.Name}${reason && `: ${reason}`}`, {
      hint: 'see the console output of the instance (`aws ec2 get-console-output`), and CloudTrail for who ended it',
    });
  }
  return found;
}

/** The slot's current instance, whose id is known once it is launched. */
export function currentId({ slot, change }: Work): string {
  const id = slot().current?.id;
  if (id === undefined) throw new Error(`${change.address} has no instance`);
  return id;
}
