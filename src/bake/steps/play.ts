import { describeInstance, lostInstance } from '../../cloud/instance-state.ts';
import { Fault } from '../../fault.ts';
import type { Played } from '../../play/play-machine.ts';
import type { Address } from '../machine.ts';
import { playOn } from '../play-on.ts';
import type { Step } from '../step.ts';
import type { Work } from '../work.ts';

interface Needs {
  readonly instanceId: string;
  readonly machine: Address;
}

export const playPlaybook: Step<Needs, object> = {
  id: 'play',
  title: 'Play the playbook',
  // The values that it hides are needed for the scan, and are written down nowhere.
  againUntil: 'stop',
  async run({ instanceId, machine }, work) {
    const { tags, skipTags } = work.request;
    const { witness } = work;
    const played = await playOn({ machine, mode: 'bake', check: false, tags, skipTags, witness }, work);
    if (played.code !== 0) throw await whyFailed(played, instanceId, work);
    return {};
  },
};

/** A machine that has ended is the cause, and not what the task says of its connection. */
async function whyFailed({ code, failed }: Played, id: string, { cloud, request }: Work): Promise<Fault> {
  if (code === 4) {
    const instance = await describeInstance(cloud.ec2(), id).catch(() => undefined);
    if (instance && instance.State?.Name !== 'running') return lostInstance(id, instance);
  }
  const [last] = failed.slice(-1);
  const what = last === undefined ? '' : `: ${last.task.name}${last.message && `: ${last.message.split('\n')[0]}`}`;
  return new Fault('play-failed', `the playbook failed on the build machine${what}`, {
    where: last?.task.where,
    hint: `mend it and bake again; with --on-error keep you can look into the machine (${request.image.name})`,
  });
}
