import { Fault } from '../../fault.ts';
import { awaitFirstBoot } from '../await-first-boot.ts';
import type { Address } from '../machine.ts';
import type { Step } from '../step.ts';

/** Before anything is looked at: what only a host can do is part of what the image is. */
export const firstBootOfImage: Step<{ readonly testMachine?: Address }, object> = {
  id: 'test-first-boot',
  title: 'Wait for the tasks of its first boot',
  skip: ({ testMachine }) => (testMachine === undefined ? {} : undefined),
  async run({ testMachine }, work) {
    if (testMachine === undefined) return {};
    const { ended, log } = await awaitFirstBoot(work.machine(testMachine).apply);
    if (ended === 'failed') {
      throw new Fault(
        'test-failed',
        `the tasks of the first boot fail on the new image:\n${log.map((line) => `  ${line}`).join('\n')}`,
        {
          hint: 'mend the task that is tagged first_boot; with --on-error keep you can look into the machine',
        },
      );
    }
    work.note(ended === 'none' ? 'none is' : (log.findLast((line) => line.startsWith('first boot: ')) ?? 'done'));
    return {};
  },
};
