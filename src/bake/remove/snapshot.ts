import { codeOf, isNotFound } from '../../cloud/cloud-error.ts';
import { waitFor } from '../../cloud/wait-for.ts';
import type { Remover } from './removal.ts';

/** A snapshot can be deleted when the image that it belongs to is gone, which takes a moment. */
export const removeSnapshot: Remover = async ({ id, name }, { ec2, signal, progress }) => {
  const snapshot = id ?? name;
  const look = async () => {
    try {
      await ec2.deleteSnapshot({ SnapshotId: snapshot });
      return { ready: true };
    } catch (error) {
      if (isNotFound(error)) return { ready: true };
      if (codeOf(error) === 'InvalidSnapshot.InUse') return { pending: `the snapshot ${snapshot} is still in use` };
      throw error;
    }
  };
  await waitFor(look, { what: `the snapshot ${snapshot} to be free`, timeout: 10 * 60_000, signal, progress });
};
