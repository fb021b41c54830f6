import { Fault } from '../../fault.ts';
import type { Held, RolloutOptions } from './rollout-session.ts';

/** Asks in Terraform's words. Throws `option-invalid` where nobody can answer. */
export async function approved(
  question: string,
  { autoApprove }: RolloutOptions,
  { session, isJson }: Pick<Held, 'session' | 'isJson'>,
): Promise<boolean> {
  if (autoApprove) return true;
  if (!session.interactive || isJson) {
    throw new Fault('option-invalid', 'this must be approved, and nobody can answer here', {
      hint: 'look at `rollout plan`, then give -auto-approve; or run it in a terminal',
    });
  }
  const { screen, ask } = session;
  screen.out(`\n${question}\n  playbake will perform the actions described above.\n`);
  screen.out(`  Only 'yes' will be accepted to approve.\n\n`);
  return (await ask('  Enter a value: ', { echo: true })).trim() === 'yes';
}
