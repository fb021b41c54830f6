import type { Target } from '../../../connection/connection.ts';
import { Session } from '../../../connection/session.ts';
import { Fault } from '../../../fault.ts';
import { apply } from '../../../module/apply.ts';
import { sh } from '../../../shell/sh.ts';
import { run } from '../../../shell/steps.ts';

/** Runs a shell command by SSH as the user who logs in. Why it is not healthy; undefined: it ends with 0. */
export async function askByCommand(target: Target, command: string, signal: AbortSignal): Promise<string | undefined> {
  const session = new Session(target);
  const cancel = () => void session.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const { failed, values } = await apply(session, [run(sh`sh -c ${command}`)], { check: false, diff: false });
    if (!failed && Number(values['rc'] ?? 0) === 0) return undefined;
    const said =
      String(values['stderr'] || values['stdout'] || '')
        .trim()
        .split('\n')
        .at(-1) ?? '';
    return `\`${command}\` ends with ${values['rc'] ?? 'an error'}${said && `: ${said}`}`;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.message;
  } finally {
    signal.removeEventListener('abort', cancel);
    await session.close();
  }
}
