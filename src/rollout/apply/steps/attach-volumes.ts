/** The slot's data volumes come to its current instance; those that it lacks are created, empty or of their snapshot. */

import type { CreateVolumeCommandInput, Instance } from '@aws-sdk/client-ec2';
import { codeOf } from '../../../cloud/cloud-error.ts';
import { tagged } from '../../../cloud/tags.ts';
import { waitFor } from '../../../cloud/wait-for.ts';
import type { VolumeConfig } from '../../../config/fleet.ts';
import { Fault } from '../../../fault.ts';
import { currentId, living } from '../await.ts';
import { DEVICE_TAG, tagsOf } from '../tags.ts';
import { clientToken } from '../token.ts';
import type { StepKind, Work } from '../work.ts';

const TIMEOUT = 600_000;

export const attachVolumes: StepKind = {
  title: 'Attaching its volumes',
  async perform(work) {
    const id = currentId(work);
    const instance = await waitFor(
      async () => {
        const found = await living(id, work);
        return found ? { ready: found } : { pending: `${id} is not known yet` };
      },
      { what: `${id} to be known`, timeout: TIMEOUT, signal: work.signal, progress: work.progress },
    );
    const configs = work.slot().current?.settings.volumes ?? [];
    const pairs = await Promise.all(
      configs.map(async (config) => {
        const volumeId = work.slot().volumes[config.device] ?? (await create(config, instance, work));
        await attach(volumeId, config.device, id, work);
        return [config.device, volumeId] as const;
      }),
    );
    return (slot) => ({ ...slot, volumes: { ...slot.volumes, ...Object.fromEntries(pairs) } });
  },
};

/** By its ClientToken it is created once, however often this is asked. */
async function create(config: VolumeConfig, { Placement }: Instance, work: Work): Promise<string> {
  const { plan, slotIndex, cloud } = work;
  const belonging = { fleet: plan.fleet.name, slot: slotIndex, rollout: plan.rollout };
  const tags = tagsOf(belonging, { ...work.slot().current?.settings.tags, [DEVICE_TAG]: config.device });
  const { VolumeId } = await cloud.ec2().createVolume({
    AvailabilityZone: Placement?.AvailabilityZone,
    Size: config.size,
    ClientToken: clientToken(plan.rollout, slotIndex, config.device),
    TagSpecifications: tagged(['volume'], tags),
    ...(config.type !== undefined && { VolumeType: typeOf(config.type) }),
    ...(config.iops !== undefined && { Iops: config.iops }),
    ...(config.throughput !== undefined && { Throughput: config.throughput }),
    ...((config.encrypted !== undefined || config.kmsKey !== undefined) && { Encrypted: config.encrypted ?? true }),
    ...(config.kmsKey !== undefined && { KmsKeyId: config.kmsKey }),
    ...(config.snapshot !== undefined && { SnapshotId: config.snapshot }),
  });
  if (VolumeId === undefined) throw new Fault('cloud-refused', 'CreateVolume gave no volume');
  return VolumeId;
}

function typeOf(type: string): NonNullable<CreateVolumeCommandInput['VolumeType']> {
  return type as NonNullable<CreateVolumeCommandInput['VolumeType']>;
}

async function attach(volumeId: string, device: string, id: string, work: Work): Promise<void> {
  const { sightings, signal, progress, pace } = work;
  const look = async () => {
    const volume = await sightings.volume(volumeId);
    const attachment = volume?.Attachments?.find(({ State }) => State !== 'detached');
    if (attachment && attachment.InstanceId !== id && attachment.State !== 'detaching') {
      throw new Fault(
        'cloud-refused',
        `the volume ${volumeId} of ${work.change.address} is attached to ${attachment.InstanceId}`,
        {
          hint: 'detach it there, if that is right, and go on with `rollout apply`',
        },
      );
    }
    if (attachment?.InstanceId === id && attachment.State === 'attached') return { ready: true };
    if (volume?.State === 'available') await call(volumeId, device, id, work);
    return { pending: `${volumeId} is ${attachment?.State ?? volume?.State ?? 'not known yet'}` };
  };
  await waitFor(look, { what: `${volumeId} to be attached`, timeout: TIMEOUT, ...pace, signal, progress });
}

/** What is said of one that was attached a moment ago: the answer was lost, or what is seen is old. The next look tells. */
const SETTLING = new Set(['VolumeInUse', 'IncorrectState']);

async function call(VolumeId: string, Device: string, InstanceId: string, { cloud }: Work): Promise<void> {
  try {
    await cloud.ec2().attachVolume({ VolumeId, InstanceId, Device });
  } catch (error) {
    if (!SETTLING.has(codeOf(error))) throw error;
  }
}
