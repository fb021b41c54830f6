/** The new image is launched and tested before anybody may use it. */

import { waitFor } from '../../cloud/wait-for.ts';
import { Fault } from '../../fault.ts';
import { hasTag } from '../../play/play-machine.ts';
import { launch } from '../launch.ts';
import type { Address } from '../machine.ts';
import { playOn, prepareOn } from '../play-on.ts';
import { reach } from '../reach.ts';
import type { Step } from '../step.ts';
import type { Work } from '../work.ts';
import type { BaseImage } from './base.ts';
import type { Group } from './security-group.ts';

interface Launching {
  readonly base: BaseImage;
  readonly keyName: string;
  readonly group: Group;
  readonly imageId: string;
}

type TestMachine = { readonly testMachine?: Address };

export const launchImage: Step<Launching, { readonly testInstanceId?: string }> = {
  id: 'test-instance',
  title: 'Launch the new image',
  skip: (_, { request }) => (request.test ? undefined : {}),
  async run({ base, keyName, group, imageId }, work) {
    const testInstanceId = await launch({ purpose: 'test', imageId, base, keyName, group }, work);
    work.note(testInstanceId);
    return { testInstanceId };
  },
};

export const reachImage: Step<{ readonly testInstanceId?: string; readonly group: Group }, TestMachine> = {
  id: 'test-machine',
  title: 'Wait for its first boot',
  skip: ({ testInstanceId }) => (testInstanceId === undefined ? {} : undefined),
  async run({ testInstanceId = '', group }, work) {
    const testMachine = await reach(testInstanceId, group, work);
    await statusOk(testInstanceId, work);
    return { testMachine };
  },
};

export const checkImage: Step<TestMachine, object> = {
  id: 'test-check',
  title: 'Check that the playbook has nothing left to do',
  skip: ({ testMachine }) => (testMachine === undefined ? {} : undefined),
  async run({ testMachine }, work) {
    const { tags, skipTags } = work.request;
    const { code, changed, failed } = await playOn(
      { machine: testMachine, mode: 'bake', check: true, tags, skipTags },
      work,
    );
    if (code !== 0) {
      throw new Fault(
        'test-failed',
        `in check mode the playbook fails on the new image: ${failed.at(-1)?.task.name ?? ''}`,
        {
          where: failed.at(-1)?.task.where,
          hint: 'a task that cannot be checked needs  check_mode: false  or  when: not ansible_check_mode',
        },
      );
    }
    if (changed.length === 0) return {};
    const names = changed.map(({ task }) => `  ${task.name}`);
    throw new Fault('test-failed', `on the new image the playbook would change something again:\n${names.join('\n')}`, {
      where: changed[0]?.task.where,
      hint: 'a task that is always changed needs  changed_when; --no-test bakes all the same',
    });
  },
};

const VERIFY = 'verify';

export const verifyImage: Step<TestMachine, object> = {
  id: 'test-verify',
  title: 'Run the tasks that are tagged verify',
  skip: ({ testMachine }) => (testMachine === undefined ? {} : undefined),
  async run({ testMachine }, work) {
    const options = {
      machine: testMachine,
      mode: 'live',
      check: false,
      tags: [VERIFY],
      skipTags: work.request.skipTags,
    } as const;
    if (!hasTag(await prepareOn(options, work, () => {}), VERIFY)) {
      work.note('none is');
      return {};
    }
    const { code, failed } = await playOn(options, work);
    if (code === 0) return {};
    throw new Fault('test-failed', `the new image does not pass: ${failed.at(-1)?.task.name ?? ''}`, {
      where: failed.at(-1)?.task.where,
    });
  },
};

/** EC2's own two checks of an instance. */
async function statusOk(id: string, { cloud, request, signal, progress }: Work): Promise<void> {
  await waitFor(
    async () => {
      const { InstanceStatuses = [] } = await cloud.ec2().describeInstanceStatus({ InstanceIds: [id] });
      const [status] = InstanceStatuses;
      const words = [status?.InstanceStatus?.Status ?? 'initializing', status?.SystemStatus?.Status ?? 'initializing'];
      if (words.every((word) => word === 'ok')) return { ready: true };
      if (words.includes('impaired'))
        throw new Fault('test-failed', `EC2 calls the instance ${id} of the new image impaired`);
      return { pending: `EC2's checks of ${id}: ${words.join(', ')}` };
    },
    { what: `EC2's checks of ${id}`, timeout: request.image.timeouts.boot, signal, progress },
  );
}
