import { onceFree } from './once-free.ts';
import type { Remover } from './removal.ts';

/** A snapshot can be deleted when the image that it belongs to is gone. */
export const removeSnapshot: Remover = ({ id, name }, removal) => {
  const snapshot = id ?? name;
  const remove = () => removal.ec2.deleteSnapshot({ SnapshotId: snapshot });
  return onceFree({ what: `the snapshot ${snapshot}`, remove, code: 'InvalidSnapshot.InUse' }, removal);
};
