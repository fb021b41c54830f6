import { type Outcome, type Plain, run, type Sh, type Step, sh, when } from '../../src/module/module.ts';

/**
 * Fails, in check mode too, with the message that an earlier piece of the program left in a shell variable; does
 * nothing where it is empty. `refusal` finds the message in the outcome.
 * @param variable how the shell writes it, such as sh`$apt_wrong`.
 */
export function refuse(variable: Sh): Step {
  const said = run(sh`printf '%s' "${variable}" >&2; exit 1`, {
    harmless: true,
    result: ({ stderr }) => ({ refused: stderr }),
  });
  return when(sh`[ -n "${variable}" ]`, [said]);
}

export function refusal(outcome: Outcome): Plain | undefined {
  return outcome.msg ?? outcome.values['refused'];
}
