import type { RunOptions } from '../play/options.ts';
import type { Ask } from './session.ts';

/** `--step`: Ansible's question before each task. */
export function stepwise(ask: Ask): NonNullable<RunOptions['step']> {
  return async (task) => {
    const answer = (await ask(`Perform task: ${task} (N)o/(y)es/(c)ontinue: `, { echo: true })).trim().toLowerCase();
    if (answer === 'y' || answer === 'yes') return 'yes';
    return answer === 'c' || answer === 'continue' ? 'continue' : 'no';
  };
}
