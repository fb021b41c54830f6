import { isNotFound } from '../../cloud/cloud-error.ts';
import { waitFor } from '../../cloud/wait-for.ts';
import { found } from './found.ts';
import type { Removal, Remover } from './removal.ts';

const TIMEOUT = 20 * 60_000;

/** Terminates an instance, by its id or its ClientToken, and waits until its disks and its address are free. */
export const removeInstance: Remover = async ({ id, name }, removal) => {
  const ids = id === undefined ? await found(() => withToken(name, removal), removal) : [id];
  for (const one of ids) await terminate(one, removal);
};

async function withToken(token: string, { ec2 }: Removal): Promise<readonly string[]> {
  const { Reservations = [] } = await ec2.describeInstances({
    Filters: [
      { Name: 'client-token', Values: [token] },
      { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped', 'shutting-down'] },
    ],
  });
  return Reservations.flatMap(({ Instances = [] }) => Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
}

async function terminate(id: string, { ec2, age, signal, progress }: Removal): Promise<void> {
  const look = async () => {
    try {
      await ec2.terminateInstances({ InstanceIds: [id] });
      const { Reservations = [] } = await ec2.describeInstances({ InstanceIds: [id] });
      const state = Reservations[0]?.Instances?.[0]?.State?.Name ?? 'terminated';
      return state === 'terminated' ? { ready: true } : { pending: `the instance ${id} is ${state}` };
    } catch (error) {
      // Younger ones may only not be known yet.
      if (isNotFound(error) && age > 60_000) return { ready: true };
      throw error;
    }
  };
  // Past its settling time, "there is no such thing" is what was wanted.
  await waitFor(look, { what: `the instance ${id} to end`, timeout: TIMEOUT, signal, progress }).catch((error) => {
    if (!isNotFound(error)) throw error;
  });
}
