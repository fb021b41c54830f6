/** Stops the build machine, so that its disk holds all that was written. */

import { codeOf } from '../../cloud/cloud-error.ts';
import { describeInstance, isEnding, lostInstance } from '../../cloud/instance-state.ts';
import { onceKnown } from '../../cloud/once-known.ts';
import { waitFor } from '../../cloud/wait-for.ts';
import { Fault } from '../../fault.ts';
import type { Step } from '../step.ts';

export const stopBuildMachine: Step<{ readonly instanceId: string }, object> = {
  id: 'stop',
  title: 'Stop the build machine',
  async run({ instanceId }, work) {
    const { cloud, signal, progress, request } = work;
    await work.leaveMachines();
    const ec2 = cloud.ec2();
    await onceKnown(() => ec2.stopInstances({ InstanceIds: [instanceId] }), work).catch((error: unknown) => {
      // Stopping or stopped already, or about to end, which the wait tells.
      if (codeOf(error) !== 'IncorrectInstanceState') throw error;
    });
    await waitFor(
      async () => {
        const found = await describeInstance(ec2, instanceId);
        if (!found) throw new Fault('cloud-lost', `the instance ${instanceId} is gone`);
        if (isEnding(found)) throw lostInstance(instanceId, found);
        const state = found.State?.Name ?? 'unknown';
        return state === 'stopped' ? { ready: true } : { pending: `${instanceId} is ${state}` };
      },
      { what: `the instance ${instanceId} to stop`, timeout: request.image.timeouts.stop, signal, progress },
    );
    return {};
  },
};
