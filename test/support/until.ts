import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when `holds` says so; mocha's time limit ends what never does. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(5);
}
