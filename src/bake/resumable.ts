/** Whether a run that was killed can go on. */

import { Fault } from '../fault.ts';
import type { Account } from './journal/account.ts';
import type { RunFacts } from './journal/entry.ts';
import { CLEANING } from './steps/sanitise.ts';

/** Throws `run-ended` where it cannot, and `option-invalid` where it is asked for in another way than it was begun. */
export function resumable(run: string, { outcome, undoing, begun, facts }: Account, now: RunFacts): void {
  const sweep = `\`bake sweep ${run}\` removes what is left; then bake again`;
  if (outcome !== undefined) throw new Fault('run-ended', `the run ${run} has ended: it was ${outcome}`);
  if (undoing) throw new Fault('run-ended', `the run ${run} had failed and was being undone`, { hint: sweep });
  const isCleaned = begun.has(CLEANING) && !begun.has('stop');
  if (isCleaned) {
    throw new Fault(
      'run-ended',
      `the run ${run} was stopped when its machine was being cleaned: nobody can log in to it`,
      {
        hint: sweep,
      },
    );
  }
  if (!facts) throw new Fault('run-ended', `the run ${run} ended before it began`, { hint: sweep });
  if (facts.cloud !== now.cloud || facts.region !== now.region) {
    throw new Fault(
      'option-invalid',
      `the run ${run} is in ${facts.region} (${facts.cloud}), not in ${now.region} (${now.cloud})`,
      {
        hint: 'name the playbake.yml that it was begun with: --config',
      },
    );
  }
  if (facts.extraVars.join() !== now.extraVars.join()) {
    throw new Fault('option-invalid', `the run ${run} was begun with other extra variables`, {
      hint: 'give the very -e options that it was begun with: their values are not written down, for they may be secrets',
    });
  }
}
