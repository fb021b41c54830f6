import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when `holds` says so; mocha's time limit ends what never does. @param pause milliseconds between two looks */
export async function until(holds: () => boolean | Promise<boolean>, pause = 25): Promise<void> {
  while (!(await holds())) await sleep(pause);
}
