/** The slot's data volumes leave an instance: each is free before this is done. */

import { codeOf } from '../../../cloud/cloud-error.ts';
import { waitFor } from '../../../cloud/wait-for.ts';
import type { StepKind, Work } from '../work.ts';

const TIMEOUT = 600_000;

export const detachVolumes: StepKind = {
  title: 'Detaching its volumes',
  async perform(work, step) {
    const ids = ('who' in step ? work.members(step.who) : []).flatMap(({ id }) => id ?? []);
    await Promise.all(Object.values(work.slot().volumes).map((volume) => detach(volume, ids, work)));
    return undefined;
  },
};

async function detach(volumeId: string, holders: readonly string[], work: Work): Promise<void> {
  const { cloud, sightings, signal, progress, pace } = work;
  let told = false;
  const look = async () => {
    const volume = await sightings.volume(volumeId);
    const attachment = volume?.Attachments?.find(({ State }) => State !== 'detached');
    if (!volume || volume.State === 'available' || !holders.includes(attachment?.InstanceId ?? ''))
      return { ready: true };
    if (!told && attachment?.State === 'attached') {
      told = true;
      await cloud
        .ec2()
        .detachVolume({ VolumeId: volumeId, InstanceId: attachment.InstanceId })
        .catch((error: unknown) => {
          if (codeOf(error) !== 'IncorrectState') throw error;
        });
    }
    return { pending: `${volumeId} is ${attachment?.State ?? volume.State}` };
  };
  await waitFor(look, { what: `${volumeId} to be free`, timeout: TIMEOUT, ...pace, signal, progress });
}
