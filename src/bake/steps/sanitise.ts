import type { Address } from '../machine.ts';
import { sanitise, sanitisedLine } from '../sanitise.ts';
import { keyFiles } from '../ssh-files.ts';
import type { Step } from '../step.ts';

/** Its id is known to `resumable`: from here on nobody can log in to the machine anew. */
export const CLEANING = 'sanitise';

export const cleanMachine: Step<{ readonly machine: Address }, object> = {
  id: CLEANING,
  title: 'Remove keys, logs and identities',
  againUntil: 'stop',
  async run({ machine }, work) {
    const { directory, request } = work;
    const done = await sanitise(work.machine(machine).apply, {
      ...request.image.sanitise,
      publicKey: keyFiles(directory, 'login').public,
    });
    for (const one of done) if (one.paths.length > 0) work.note(sanitisedLine(one));
    return {};
  },
};
