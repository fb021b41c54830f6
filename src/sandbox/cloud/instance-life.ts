/** Keeps the machines of instances as their records promise: the records change first, the machines follow. */

import type { Cloud } from './cloud.ts';
import { ensureVolumes } from './ensure-volumes.ts';
import { applyFirewall } from './firewall.ts';
import type { InstanceRecord, StateReason } from './instance-record.ts';
import type { Region } from './region.ts';
import { releaseVolumes } from './release-volumes.ts';

/** Instances that are at work, and whether something changed meanwhile. */
const AT_WORK = new WeakMap<Cloud, Map<string, { again: boolean }>>();

/** Goes on with what the instance's record promises, after the answer; one instance does one thing at a time. */
export function settle(cloud: Cloud, region: string, id: string): void {
  const atWork = AT_WORK.get(cloud) ?? new Map<string, { again: boolean }>();
  AT_WORK.set(cloud, atWork);
  const going = atWork.get(id);
  if (going !== undefined) {
    going.again = true;
    return;
  }
  const work = { again: false };
  atWork.set(id, work);
  cloud.later(`the machine of ${id}`, async () => {
    try {
      do {
        work.again = false;
        await step(cloud, cloud.region(region), id);
        await cloud.store.flush();
      } while (work.again);
    } finally {
      atWork.delete(id);
    }
  });
}

/** One state follows from another at once: `stopped` from a machine that powered itself off, for example. */
async function step(cloud: Cloud, region: Region, id: string): Promise<void> {
  for (let before: string | undefined; ; ) {
    const instance = region.state.instances[id];
    if (instance === undefined || instance.state === before) return;
    before = instance.state;
    if (instance.state === 'pending') await start(cloud, region, instance);
    else if (instance.state === 'running') await look(cloud, region, instance);
    else if (instance.state === 'stopping') await stop(cloud, region, instance);
    else if (instance.state === 'shutting-down') await end(cloud, region, instance);
  }
}

async function start(cloud: Cloud, region: Region, instance: InstanceRecord): Promise<void> {
  // A machine that no record on disk knows of would be nobody's after a crash.
  await cloud.store.flush();
  try {
    await applyFirewall(cloud);
    await ensureVolumes(cloud, region, instance);
    await cloud.machines.start(instance);
    move(region, instance, { state: 'running' });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const message = `Server.InternalError: Internal error on launch: ${said}`;
    const reason = { code: 'Server.InternalError', message };
    const isNew = instance.launchedAt === instance.createdAt;
    move(region, instance, {
      state: isNew ? 'shutting-down' : 'stopping',
      force: true,
      reason,
      transition: reason.code,
    });
  }
}

async function look({ machines }: Cloud, region: Region, instance: InstanceRecord): Promise<void> {
  if (instance.imaging === true || machines.isRunning(instance.id)) return;
  const isOff = (await machines.ending(instance.id)) === 'off';
  const state = isOff && instance.onShutdown === 'terminate' ? 'shutting-down' : 'stopping';
  move(region, instance, { state, force: true, reason: isOff ? SELF : CUT, transition: transitionOf(Date.now()) });
}

const SELF: StateReason = {
  code: 'Client.InstanceInitiatedShutdown',
  message: 'Client.InstanceInitiatedShutdown: Instance initiated shutdown',
};

const CUT: StateReason = {
  code: 'Server.InternalError',
  message: 'Server.InternalError: The machine of the instance ended without shutting down',
};

async function stop({ machines }: Cloud, region: Region, instance: InstanceRecord): Promise<void> {
  await machines.stop(instance.id, { force: instance.force === true });
  move(region, instance, { state: 'stopped' });
}

async function end(cloud: Cloud, region: Region, instance: InstanceRecord): Promise<void> {
  const { machines, disks, store } = cloud;
  await machines.stop(instance.id, { force: instance.force === true });
  await machines.remove(instance.id);
  releaseVolumes(region, region.state.instances[instance.id] ?? instance);
  // Its disk may have been the last on the layers of an image that is gone.
  await disks.collect(store.state);
  move(region, instance, { state: 'terminated', endedAt: Date.now() });
  await applyFirewall(cloud);
}

/** To another state, unless a call has moved it meanwhile. */
function move(region: Region, { id, state }: InstanceRecord, changes: Partial<InstanceRecord>): void {
  region.change('instances', id, (now) => (now.state === state ? { ...now, ...changes } : now));
}

/** EC2's StateTransitionReason for what a user did. */
export function transitionOf(now: number): string {
  return `User initiated (${new Date(now).toISOString().slice(0, 19).replace('T', ' ')} GMT)`;
}
