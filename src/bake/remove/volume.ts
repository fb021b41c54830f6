import { codeOf, isNotFound } from '../../cloud/cloud-error.ts';
import { waitFor } from '../../cloud/wait-for.ts';
import type { Remover } from './removal.ts';

/** A volume can be deleted when its instance has ended. */
export const removeVolume: Remover = async ({ id, name }, { ec2, signal, progress }) => {
  const volume = id ?? name;
  const look = async () => {
    try {
      await ec2.deleteVolume({ VolumeId: volume });
      return { ready: true };
    } catch (error) {
      if (isNotFound(error)) return { ready: true };
      if (codeOf(error) === 'VolumeInUse') return { pending: `the volume ${volume} is still in use` };
      throw error;
    }
  };
  await waitFor(look, { what: `the volume ${volume} to be free`, timeout: 10 * 60_000, signal, progress });
};
